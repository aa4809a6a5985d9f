"""What people and machines say, in French and English. `|` parts sentences.

Every third text is for the test only, and so is every third name: what is tested was never heard
in training.
"""

from random import Random


def _listed(text: str) -> list[str]:
    return text.split(",")


NAMES = {
    "fr": _listed(
        "Marie Lambert,Paul Durand,Awa Diallo,Julien Petit,Sophie Moreau,Karim Benali,Koffi Mensah,"
        "Claire Fontaine,Luc Bernard,Inès Garnier,Théo Roussel,Nadia Haddad,Pierre Lemaire,"
        "Fatou Sow,Hugo Marchand,Élodie Caron,Rachid Alaoui,Anne Picard"
    ),
    "en": _listed(
        "Mary Johnson,Peter Walsh,Susan Clark,David Wright,Emma Hughes,Tom Baker,Grace Okafor,"
        "James Turner,Linda Morris,Kevin Doyle,Sarah Evans,Michael Reed,Amina Bello,Robert King,"
        "Laura Scott,Daniel Price,Helen Ward,George Mills"
    ),
}
FIRMS = {
    "fr": _listed(
        "Transports Lefèvre,le cabinet médical du Parc,Électricité Morel,la mairie,"
        "le garage Central,Assurances Atlantique,la pharmacie du Marché,Imprimerie Nouvelle,"
        "Menuiserie Blanchet"
    ),
    "en": _listed(
        "Baker and Sons,the Riverside Clinic,Northern Electric,City Hall,Central Motors,"
        "Atlantic Insurance,Market Street Pharmacy,Hillside Printing,Oakwood Joinery"
    ),
}
SHORT = {
    "fr": (
        "Allô ?",
        "Oui ?",
        "Allô, oui ?",
        "Oui allô ?",
        "Bonjour.",
        "Allô bonjour.",
        "J'écoute.",
        "Oui bonjour ?",
        "Ouais ?",
        "Oui, j'écoute.",
        "Allô, bonsoir.",
        "Qui est-ce ?",
    ),
    "en": (
        "Hello?",
        "Yes?",
        "Hi.",
        "Hello, yes?",
        "Yeah?",
        "Hello there.",
        "Good morning.",
        "Speaking.",
        "Hey.",
        "Yes, hello?",
        "Hello, who is it?",
        "Good evening.",
    ),
}
MEDIUM = {
    "fr": (
        "Allô bonjour, {name} à l'appareil.",
        "Oui bonjour, {name}, j'écoute.",
        "{name}, bonjour.",
        "Oui allô, qui est à l'appareil ?",
        "Allô ? Oui, c'est {name}.",
        "Bonjour, ici {name}.",
        "Oui, allô, je vous écoute.",
        "Allô, c'est pour quoi ?",
        "{name}, je vous écoute, bonjour.",
    ),
    "en": (
        "Hello, this is {name}.",
        "{name} speaking.",
        "Good morning, {name} speaking, how can I help?",
        "Hello, {name} here.",
        "Hi, this is {name}, who is calling?",
        "Yes, hello, who is this please?",
        "{name}, good afternoon.",
        "Hello, you have reached {name}, how are you?",
        "Hi there, {name} on the line.",
    ),
}
COMPANY = {
    "fr": (
        "{firm}, bonjour, {name} à votre service.",
        "Bonjour et bienvenue, {firm}, {name} à l'appareil, que puis-je faire pour vous ?",
        "{firm}, service clients, bonjour, en quoi puis-je vous aider ?",
        "Bonjour, vous êtes en relation avec {firm}, je suis {name}, je vous écoute.",
        "{firm} bonjour, ne quittez pas s'il vous plaît. | Oui, je vous écoute.",
        "{firm}, accueil, bonjour, qui souhaitez-vous joindre ?",
    ),
    "en": (
        "Good morning, {firm}, {name} speaking, how may I help you?",
        "Thank you for calling {firm}, this is {name}, how can I direct your call?",
        "{firm}, customer service, {name} speaking, what can I do for you today?",
        "Hello and welcome to {firm}, you are speaking with {name}, may I have your name?",
        "{firm}, good afternoon, please hold for a moment. | Yes, how can I help?",
        "{firm}, front desk, {name} speaking, who would you like to talk to?",
    ),
}
TURNS = {
    "fr": (
        "Oui, c'est moi.",
        "C'est à quel sujet ?",
        "Allô ? Il y a quelqu'un ?",
        "Non merci, ça ne m'intéresse pas.",
        "Oui, bien sûr, allez-y.",
        "Attendez, je vais vous le passer.",
        "Je suis au volant, vous pouvez rappeler plus tard ?",
        "D'accord, d'accord.",
        "Pardon ? Je vous entends mal.",
        "Ah bonjour, comment allez-vous ?",
        "Oui oui, tout à fait.",
        "Qui êtes-vous exactement ?",
    ),
    "en": (
        "Yes, that's me.",
        "What is this about?",
        "Hello? Is anybody there?",
        "No thanks, I'm not interested.",
        "Yes, sure, go ahead.",
        "Hold on, let me get her for you.",
        "I'm driving right now, could you call me back later?",
        "All right, all right.",
        "Sorry? I can't hear you very well.",
        "Oh hello, how are you doing?",
        "Yes, yes, absolutely.",
        "Who did you say you were?",
    ),
}
CHATTER = {
    "fr": (
        "Non, pose-le sur la table. | Allô ? Oui, excusez-moi.",
        "Attends deux secondes, le téléphone sonne. | Oui allô ?",
        "Les enfants, moins fort ! | Allô bonjour.",
        "Oui oui, j'arrive. | Allô ?",
        "Une minute, chérie. | Oui, bonjour ?",
        "Ferme la porte s'il te plaît. | Allô, oui ?",
    ),
    "en": (
        "No, just put it on the table. | Hello? Yes, sorry.",
        "Wait a second, the phone is ringing. | Yes, hello?",
        "Kids, be quiet please! | Hello, good morning.",
        "Yes, I'm coming. | Hello?",
        "One minute, darling. | Yes, hi?",
        "Close the door, will you. | Hello, yes?",
    ),
}
PERSONAL = {
    "fr": (
        "Bonjour, vous êtes bien sur le répondeur de {name}. | Je ne suis pas disponible pour le "
        "moment. | Laissez-moi un message après le bip et je vous rappellerai.",
        "Bonjour, c'est {name}. | Je ne peux pas vous répondre, mais laissez-moi un message. | "
        "À bientôt.",
        "Salut, c'est {name}, je suis absent en ce moment, laissez un message et je vous rappelle "
        "dès que possible. Merci.",
        "Vous êtes bien chez {name}. | Nous sommes absents pour le moment. | Merci de laisser vos "
        "coordonnées après le signal sonore.",
        "Bonjour, ici le répondeur de {name}. | Parlez après le bip.",
        "{name}. | Je suis en réunion ou en déplacement. | Laissez votre nom et votre numéro, je "
        "vous recontacterai dans la journée. | Bonne journée.",
        "Bonjour, vous avez bien composé le numéro de {name}, mais je ne suis pas là. | Laissez un "
        "message.",
        "Bonjour à tous, je ne suis pas joignable actuellement, envoyez-moi un texto ou laissez un "
        "message, je vous rappelle. | Merci et à très vite.",
        "Oui bonjour, vous êtes sur la messagerie de {name}, je suis indisponible, merci de me "
        "laisser un petit message. | Au revoir.",
    ),
    "en": (
        "Hi, you have reached {name}. | I can't come to the phone right now. | Please leave a "
        "message after the tone and I will get back to you.",
        "Hello, this is {name}. | I'm not available at the moment, but leave me a message. | "
        "Thank you.",
        "Hi, it's {name}, sorry I missed your call, leave your name and number and I'll call you "
        "back as soon as I can.",
        "You have reached the home of the family of {name}. | Nobody can take your call. | Please "
        "leave a message after the beep.",
        "This is the voicemail of {name}. | Speak after the beep.",
        "{name}. | I am in a meeting or away from my desk. | Leave your details and I will return "
        "your call today. | Have a good day.",
        "Hello, you've got the right number for {name}, but I am not in. | Leave a message.",
        "Hey everyone, I can't pick up right now, send me a text or leave a message and I'll ring "
        "you back. | Thanks, speak soon.",
        "Hello, you are through to the mailbox of {name}, I'm unavailable, please leave a short "
        "message. | Goodbye.",
    ),
}
NETWORK = {
    "fr": (
        "Bienvenue sur la messagerie vocale du {number}. | Votre correspondant n'est pas "
        "disponible. | Veuillez laisser un message après le bip.",
        "Le correspondant que vous demandez ne peut être joint pour le moment. | Merci de laisser "
        "votre message après le signal sonore.",
        "Vous êtes bien sur la messagerie de votre correspondant. | Il n'est pas disponible "
        "actuellement. | Vous pouvez laisser un message, puis raccrocher.",
        "Votre appel est transféré vers un système de messagerie vocale. | Le {number} n'est pas "
        "disponible. | Après le bip, enregistrez votre message.",
        "Bonjour. | La personne au {number} n'est pas en mesure de vous répondre. | Laissez un "
        "message après la tonalité.",
        "Répondeur. | Votre correspondant est absent. | Veuillez parler après le signal.",
    ),
    "en": (
        "Welcome to the voicemail of {number}. | The person you are calling is not available. | "
        "Please leave a message after the tone.",
        "The person you are trying to reach is unavailable. | At the tone, please record your "
        "message. | When you have finished, you may hang up.",
        "Your call has been forwarded to an automatic voice message system. | {number} is not "
        "available. | At the tone please record your message.",
        "The subscriber you have called is not able to take your call. | Please leave your "
        "message after the beep.",
        "Hello. | Nobody is available at {number} to take your call. | Leave a message after the "
        "tone.",
        "Voice mailbox. | The person you called is away. | Please speak after the signal.",
    ),
}
IVR = {
    "fr": (
        "Bienvenue chez {firm}. | Pour le service commercial, tapez un. | Pour le service après "
        "vente, tapez deux. | Pour toute autre demande, restez en ligne.",
        "{firm}, bonjour. | Tous nos conseillers sont en ligne. | Veuillez patienter, nous allons "
        "donner suite à votre appel.",
        "Nos bureaux sont fermés. | {firm} vous accueille du lundi au vendredi de neuf heures à "
        "dix-huit heures. | Merci de rappeler.",
    ),
    "en": (
        "Welcome to {firm}. | For sales, press one. | For service, press two. | For all other "
        "enquiries, please stay on the line.",
        "Thank you for calling {firm}. | All our agents are busy. | Please hold and your call "
        "will be answered shortly.",
        "Our office is now closed. | {firm} is open Monday to Friday from nine to five. | Please "
        "call again.",
    ),
}
BRIEF = {
    "fr": (
        "Laissez un message.",
        "C'est {name}, parlez après le bip.",
        "Je suis absent, à plus tard.",
        "Messagerie de {name}.",
        "Pas disponible, laissez un message.",
        "Après le bip, merci.",
    ),
    "en": (
        "Leave a message.",
        "It's {name}, talk after the beep.",
        "I'm out, call later.",
        "Mailbox of {name}.",
        "Not available, leave a message.",
        "After the beep, thanks.",
    ),
}
HOOK = {
    "fr": ("Allô ?", "Allô, bonjour !", "Oui, bonjour ?"),
    "en": ("Hello?", "Hello, hi!", "Yes, hello?"),
}
SCREENING = {
    "fr": (
        "Bonjour, veuillez indiquer votre nom et le motif de votre appel, et je verrai si cette "
        "personne est disponible.",
        "Bonjour. | La personne que vous appelez filtre ses appels. | Dites votre nom et pourquoi "
        "vous appelez.",
        "Si vous enregistrez votre nom et la raison de votre appel, je demanderai à votre "
        "correspondant s'il est disponible.",
    ),
    "en": (
        "Hello, please state your name and the reason for your call, and I will see if this "
        "person is available.",
        "Hi. | The person you are calling is using a call assistant. | Please say your name and "
        "why you are calling.",
        "If you record your name and what you are calling about, I will check whether this person "
        "can talk.",
    ),
}
ANNOUNCEMENT = {
    "fr": (
        "Le numéro que vous avez composé n'est pas attribué. | Veuillez consulter l'annuaire.",
        "Votre correspondant n'est pas joignable pour le moment. | Veuillez renouveler votre "
        "appel.",
        "Par suite d'encombrement, votre appel ne peut aboutir. | Veuillez rappeler "
        "ultérieurement.",
    ),
    "en": (
        "The number you have dialled is not in service. | Please check the number and try again.",
        "The subscriber cannot be reached at the moment. | Please try later.",
        "All circuits are busy. | Please try your call again later.",
    ),
}


def pick(texts: tuple[str, ...], is_test: bool, random: Random) -> str:
    """One of the texts of this half: every third is for the test only."""
    return random.choice([text for i, text in enumerate(texts) if (i % 3 == 2) is is_test])


def fill(text: str, language: str, is_test: bool, random: Random) -> list[str]:
    """Sentences of a text with names and numbers put in."""
    name = random.choice([n for i, n in enumerate(NAMES[language]) if (i % 3 == 2) is is_test])
    firm = random.choice([f for i, f in enumerate(FIRMS[language]) if (i % 3 == 2) is is_test])
    number = " ".join(str(random.randrange(10)) for _ in range(8))
    filled = text.format(name=name, firm=firm, number=number)
    return [sentence.strip() for sentence in filled.split("|")]
