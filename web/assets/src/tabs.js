// One working tab per agent: a newer tab asks before it takes over, the older one then rests.
export function guardTab(name, dialog, button, { stop, start }) {
  if (!("BroadcastChannel" in window)) return;
  const channel = new BroadcastChannel(name);
  let isWorking = true;
  const rest = () => {
    isWorking = false;
    stop();
    if (!dialog.open) dialog.showModal();
  };
  channel.onmessage = ({ data }) => {
    if (data === "anyone?" && isWorking) channel.postMessage("here");
    else if (data === "here" && isWorking) rest();
    else if (data === "mine") rest();
  };
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    channel.postMessage("mine");
    isWorking = true;
    dialog.close();
    start();
  });
  channel.postMessage("anyone?");
}
