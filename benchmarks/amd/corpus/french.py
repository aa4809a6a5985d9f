"""What people and machines say in French.

`|` parts sentences; `{...}` is filled from the list of that name in `french_words`. By their places
`texts` gives entries to training, validation or test: they keep them, new ones go to the end.
"""

from benchmarks.amd.corpus.frames import NETWORK, PERSONAL

TEXTS: dict[str, tuple[str, ...]] = {
    "SHORT": (
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
        "Ouais, allô ?",
        "Oui, bonsoir.",
        "Allô, allô ?",
        "Présent.",
        "Oui, allô bonjour ?",
        "C'est qui ?",
        "Bonsoir.",
        "Allô, qui est là ?",
        "Oui, dites-moi.",
        "Hé, salut.",
        "Oui, je suis là.",
        "Mmh, allô ?",
        "Salut.",
        "Oui, c'est moi.",
        "Pronto, allô ?",
        "Allô, j'écoute.",
        "Bonjour bonjour.",
        "Oui, oui ?",
    ),
    "MEDIUM": (
        "Allô bonjour, {name} à l'appareil.",
        "Oui bonjour, {name}, j'écoute.",
        "{name}, bonjour.",
        "Oui allô, qui est à l'appareil ?",
        "Allô ? Oui, c'est {name}.",
        "Bonjour, ici {name}.",
        "Oui, allô, je vous écoute.",
        "Allô, c'est pour quoi ?",
        "{name}, je vous écoute, bonjour.",
        "{hello}, {person}.",
        "{hello}, {person}, j'écoute.",
        "{hello}, {question}",
        "{hello}, {person}, {question}",
        "{hello}, {question}",
        "{hello}, {person}.",
        "{hello}, c'est bien le numéro de {name}.",
        "{hello}, vous êtes bien chez {name}.",
        "{hello}, vous avez {name} au bout du fil.",
        "{person}, {question}",
        "{hello} ? Allô ? {question}",
        "{hello}, {question}",
        "{hello}, {person}, bonjour.",
        "{hello}, {person}, {question}",
        "{hello}, {person}, {question}",
    ),
    "COMPANY": (
        "{firm}, bonjour, {name} à votre service.",
        "Bonjour et bienvenue, {firm}, {name} à l'appareil, que puis-je faire pour vous ?",
        "{firm}, service clients, bonjour, en quoi puis-je vous aider ?",
        "Bonjour, vous êtes en relation avec {firm}, je suis {name}, je vous écoute.",
        "{firm} bonjour, ne quittez pas s'il vous plaît. | Oui, je vous écoute.",
        "{firm}, accueil, bonjour, qui souhaitez-vous joindre ?",
        "Bonjour, {firm}, {person}, {offer}",
        "{firm}, {person}, {offer}",
        "{firm}, bonjour, {offer}",
        "Bienvenue chez {firm}, {offer}",
        "{firm}, le standard, bonjour, {offer}",
        "{firm}, {person}, bonjour, {offer}",
    ),
    "TURNS": (
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
        "Ah non, il n'est pas là.",
        "Écoutez, je suis occupé pour le moment.",
        "Oui, c'est pour quoi ?",
        "Attendez, je sors de la pièce.",
        "Bon, je vous écoute.",
        "Vous vendez quelque chose ?",
    ),
    "CHATTER": (
        "Non, pose-le sur la table. | Allô ? Oui, excusez-moi.",
        "Attends deux secondes, le téléphone sonne. | Oui allô ?",
        "Les enfants, moins fort ! | Allô bonjour.",
        "Oui oui, j'arrive. | Allô ?",
        "Une minute, chérie. | Oui, bonjour ?",
        "Ferme la porte s'il te plaît. | Allô, oui ?",
        "{aside} | {hello} ?",
        "{aside} | {hello}, {person}.",
        "{aside} | {hello}, pardon.",
        "{aside} | {hello}, {question}",
        "{aside} | {hello}, excusez-moi.",
        "{aside} | {hello}, {question}",
        "{hello} ? | {aside} | Oui, pardon.",
        "{aside} | {aside} | {hello} ?",
        "{aside} | {hello}, je vous écoute.",
        "{hello}, une seconde. | {aside} | Voilà.",
        "{aside} | {hello} ? Oui ?",
        "{hello}, attendez. | {aside} | Oui, allez-y.",
    ),
    "PERSONAL": (
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
        *PERSONAL,
    ),
    "NETWORK": (
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
        *NETWORK,
    ),
    "IVR": (
        "Bienvenue chez {firm}. | Pour le service commercial, tapez un. | Pour le service après "
        "vente, tapez deux. | Pour toute autre demande, restez en ligne.",
        "{firm}, bonjour. | Tous nos conseillers sont en ligne. | Veuillez patienter, nous allons "
        "donner suite à votre appel.",
        "Nos bureaux sont fermés. | {firm} vous accueille du lundi au vendredi de neuf heures à "
        "dix-huit heures. | Merci de rappeler.",
        "{firm}, bonjour. | {option} | {option} | {hold}",
        "Bonjour et bienvenue chez {firm}. | {hold} | {option}",
        "Vous êtes en relation avec {firm}. | {option} | {hold}",
    ),
    "BRIEF": (
        "Laissez un message.",
        "C'est {name}, parlez après le bip.",
        "Je suis absent, à plus tard.",
        "Messagerie de {name}.",
        "Pas disponible, laissez un message.",
        "Après le bip, merci.",
        "{owner}, {leave}",
        "{leave}",
        "{greeting}, {leave}",
        "{away}",
        "{leave} {bye}",
        "{owner}. {bye}",
    ),
    "HOOK": (
        "Allô ?",
        "Allô, bonjour !",
        "Oui, bonjour ?",
        "Oui allô ?",
        "{hello} !",
        "{hello} ?",
    ),
    "SCREENING": (
        "Bonjour, veuillez indiquer votre nom et le motif de votre appel, et je verrai si cette "
        "personne est disponible.",
        "Bonjour. | La personne que vous appelez filtre ses appels. | Dites votre nom et pourquoi "
        "vous appelez.",
        "Si vous enregistrez votre nom et la raison de votre appel, je demanderai à votre "
        "correspondant s'il est disponible.",
        "Bonjour, ici l'assistant de {name}. | Qui est à l'appareil, et pour quelle raison ?",
        "Cet appel est filtré. | Merci de dire votre nom et l'objet de votre appel.",
        "Bonjour, {name} utilise un assistant. | Dites-moi qui vous êtes, je lui transmets.",
    ),
    "ANNOUNCEMENT": (
        "Le numéro que vous avez composé n'est pas attribué. | Veuillez consulter l'annuaire.",
        "Votre correspondant n'est pas joignable pour le moment. | Veuillez renouveler votre "
        "appel.",
        "Par suite d'encombrement, votre appel ne peut aboutir. | Veuillez rappeler "
        "ultérieurement.",
        "Il n'y a pas d'abonné au numéro que vous avez demandé.",
        "Le numéro composé est erroné. | Veuillez vérifier le numéro.",
        "Votre demande ne peut aboutir. | Merci de rappeler plus tard.",
    ),
}
