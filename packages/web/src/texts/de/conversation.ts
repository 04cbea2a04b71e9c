import type { Like } from '@sotto/words';
import { breaches } from '@sotto/words/de';
import type { conversation as source } from '../en/conversation.ts';

export const conversation: Like<typeof source> = {
  room: {
    nothingOpen: 'Wähle eine Unterhaltung, oder beginne eine.',
    notFound: 'Diese Unterhaltung ist nicht auf diesem Gerät.',
    backToList: 'Zurück zu den Unterhaltungen',
    openDetails: 'Details von {title}',
    members: '{count, plural, one {# Mitglied} other {# Mitglieder}}',
    online: '{count} online',
    messages: 'Nachrichten',
    start: 'Das ist der Anfang deiner Unterhaltung mit {title}. Nur ihr beide könnt sie lesen.',
    startGroup: 'Das ist der Anfang von {title}. Nur die Mitglieder können es lesen.',
    loading: 'Ältere Nachrichten werden geholt …',
    loadOlder: 'Ältere Nachrichten zeigen',
    newMessages: 'Neue Nachrichten',
    jump: 'Zum Neuesten springen',
    jumpCount: 'Zum Neuesten springen, {count, plural, one {# neue Nachricht} other {# neue Nachrichten}}',
    rekey: 'Neue Schlüssel: {done} von {total} Geräten',
    sync: 'Nachrichten werden geholt: {done} von {total}',
    arrived: '{name}: {body}',
  },
  message: {
    you: 'Du',
    label: '{name}, {time}',
    edited: 'bearbeitet',
    editedAt: 'Bearbeitet: {time}',
    deleted: 'Diese Nachricht wurde gelöscht',
    unknownKind:
      'Eine Art von Inhalt, die diese Version nicht kennt ({kind}). Aktualisiere Sotto, um ihn zu sehen.',
    replyTo: 'Antwort an {name}. Diese Nachricht zeigen.',
    actions: 'Aktionen',
    react: 'Reagieren',
    reply: 'Antworten',
    edit: 'Bearbeiten',
    editCaption: 'Beschriftung bearbeiten',
    delete: 'Löschen',
    copy: 'Text kopieren',
    details: 'Details',
    more: 'Weitere Aktionen',
    deleteTitle: 'Diese Nachricht für alle löschen?',
    deleteText: 'Andere sehen, dass eine Nachricht gelöscht wurde. Wer sie gelesen hat, hat sie gelesen.',
    deleteFiles: 'Ihre Dateien werden vom Server gelöscht. Wer sie gespeichert hat, behält sie.',
    waiting: 'Wartet aufs Senden',
    failed: 'Nicht gesendet. {reason}',
    retry: 'Noch einmal',
    discard: 'Verwerfen',
    sent: 'Gesendet',
    delivered: '{of, plural, =0 {Zugestellt} one {Zugestellt} other {An {to} von {of} zugestellt}}',
    read: '{of, plural, =0 {Gelesen} one {Gelesen} other {Von {by} von {of} gelesen}}',
    readBy: 'Gelesen von',
    reaction: '{emoji} von {names}',
    sentAt: 'Gesendet',
    sender: 'Von',
    device: 'Gerät',
    position: 'Platz im Protokoll',
    waitingPlace: 'noch im Postausgang',
    delivery: 'Zustellung',
    id: 'Nachrichten-ID',
    emoji: 'Emoji',
    beforeJoining:
      '{count, plural, one {# Nachricht} other {# Nachrichten}} aus der Zeit vor deinem Beitritt. Die Gruppe behält ihre Vergangenheit denen vor, die dabei waren.',
    requested:
      '{count, plural, one {# Nachricht, für die} other {# Nachrichten, für die}} dieses Gerät noch keinen Schlüssel hat. Ein anderes Gerät eines Mitglieds wurde danach gefragt.',
  },
  events: {
    created: '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} die Gruppe angelegt',
    startedDirect:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} die Unterhaltung begonnen. Sie ist Ende zu Ende verschlüsselt.',
    added: '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} {people} hinzugefügt',
    joined:
      '{who, select, you {Du bist} somebody {Jemand ist} other {{whoName} ist}} per Einladungslink beigetreten',
    removed:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} {who, select, you {dich} somebody {jemanden} other {{whoName}}} entfernt',
    left: '{who, select, you {Du bist} somebody {Jemand ist} other {{whoName} ist}} gegangen',
    leaving:
      '{who, select, you {Du möchtest} somebody {Jemand möchte} other {{whoName} möchte}} gehen. Neue Schlüssel folgen.',
    madeAdmin:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} {who, select, you {dich} somebody {jemanden} other {{whoName}}} zum Admin gemacht',
    madeMember:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} {who, select, you {dir} somebody {jemandem} other {{whoName}}} die Adminrolle entzogen',
    devices:
      'Die Geräte von {who, select, you {dir} somebody {jemandem} other {{whoName}}} haben sich geändert',
    named: '{before} heißt jetzt {name}',
    identity:
      'Der Sicherheitsschlüssel von {who, select, you {dir} somebody {jemandem} other {{whoName}}} hat sich geändert',
    identityAccepted:
      'Du hast den neuen Sicherheitsschlüssel von {who, select, you {dir} somebody {jemandem} other {{whoName}}} angenommen',
    policy:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} die Regeln der Gruppe geändert',
    profile:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} den Namen oder das Thema geändert',
    invites:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} {what, select, opened {{opened, plural, one {# Einladungslink} other {# Einladungslinks}} geöffnet} ended {{ended, plural, one {# Einladungslink} other {# Einladungslinks}} beendet} other {{opened, plural, one {# Einladungslink} other {# Einladungslinks}} geöffnet und {ended, plural, one {# Einladungslink} other {# Einladungslinks}} beendet}}',
    rekeyed: 'Neue Schlüssel von {by, select, you {dir} somebody {jemandem} other {{byName}}}',
    renamed:
      '{by, select, you {Du hast} somebody {Jemand hat} other {{byName} hat}} die Gruppe „{title}“ genannt',
    refused: 'Abgewiesen: {what}',
    ruleDetail: 'Regel {rule}: {detail}',
  },
  alarms: {
    'identity-changed': {
      title:
        'Der Sicherheitsschlüssel von {who, select, you {dir} somebody {jemandem} other {{whoName}}} hat sich geändert',
      text: 'Das geschieht, wenn jemand auf einem neuen Gerät neu anfängt, und auch, wenn jemand mithört. Es wird nichts an {who, select, you {dich} somebody {jemanden} other {{whoName}}} gesendet, bis du die Sicherheitsnummer vergleichst oder den neuen Schlüssel annimmst.',
    },
    rollback: {
      title: 'Der Server hat einen älteren Stand gezeigt, als dieses Gerät gesehen hat',
      text: 'Was du hast, bleibt hier, und es wird nichts gesendet. Frag, wer den Server betreibt, ob er aus einer Sicherung wiederhergestellt wurde. Wenn ja, macht in einer neuen Gruppe weiter.',
    },
    fork: {
      title: 'Nicht alle bekommen dieselbe Unterhaltung gezeigt',
      text: '{who, select, you {Dir} somebody {Jemandem} other {{whoName}}} hat der Server einen anderen Verlauf gezeigt als dir. Es wird nichts gesendet. Sprecht auf anderem Weg miteinander, und fragt, wer den Server betreibt. Kommt es nicht in Ordnung, macht in einer neuen Gruppe weiter.',
    },
    gap: {
      title: 'Es fehlen Nachrichten',
      text: 'Der Server hat zwischen zwei Nachrichten etwas ausgelassen. Versuch, es noch einmal zu holen.',
    },
    'bad-header': {
      title: 'Eine Änderung an der Gruppe wurde abgewiesen',
      text: '{who, select, you {Du hast} somebody {Jemand hat} other {{whoName} hat}} eine Änderung gesendet, die die Regeln der Gruppe bricht. Sie hat hier keine Wirkung.',
    },
    'bad-message': {
      title: 'Eine Nachricht wurde abgewiesen',
      text: 'Etwas, das im Namen von {who, select, you {dir} somebody {jemandem} other {{whoName}}} gesendet wurde, trägt keinen gültigen Beweis. Es wird nicht gezeigt.',
    },
    'bad-list': {
      title:
        'Die Geräteliste von {who, select, you {dir} somebody {jemandem} other {{whoName}}} wurde abgewiesen',
      text: 'Sie ist nicht richtig signiert, oder älter als schon gesehen. An diese Geräte werden keine Schlüssel gesendet.',
    },
    'expired-key': {
      title:
        'Die Schlüssel von {who, select, you {dir} somebody {jemandem} other {{whoName}}} sind abgelaufen',
      text: '{who, select, you {Du kannst} somebody {Jemand kann} other {{whoName} kann}} neue Nachrichten erst lesen, wenn Sotto dort einmal geöffnet wurde. Alle anderen können es.',
    },
    'old-key': {
      title:
        'Der Server zeigt alte Schlüssel von {who, select, you {dir} somebody {jemandem} other {{whoName}}}',
      text: 'Er zeigt einen älteren Schlüssel, als dieses Gerät gesehen hat. Damit wird nichts verschlossen; das Gerät, dem der neueste gehört, veröffentlicht ihn wieder. Frag, wer den Server betreibt, ob er aus einer Sicherung wiederhergestellt wurde.',
    },
    'locked-out': {
      title: 'Diesem Gerät fehlen die aktuellen Schlüssel',
      text: 'Andere Geräte wurden danach gefragt. Das löst sich von selbst, wenn eines davon online ist.',
    },
    'rolled-back': {
      title:
        'Der Server zeigt einen älteren Stand des Kontos von {who, select, you {dir} somebody {jemandem} other {{whoName}}}',
      text: '{since, select, unknown {Was sich seitdem geändert hat} other {Was sich seit {since} geändert hat}}, fehlt: Entfernte Geräte scheinen vielleicht da zu sein, neue nicht. Andere Geräte haben mehr gesehen. Frag, wer den Server betreibt, ob er aus einer Sicherung wiederhergestellt wurde.',
    },
    'copied-device': {
      title: 'Dieses Gerät läuft zweimal',
      text: 'Etwas anderes sendet mit den Schlüsseln dieses Geräts: ein kopiertes Browserprofil oder eine wiederhergestellte Festplatte. Schließ das, was du nicht brauchst. Weißt du von keiner Kopie, hat jemand deine Schlüssel genommen: Melde dich hier ab, das beendet beide, und melde dich als neues Gerät wieder an.',
    },
  },
  breaches,
  composer: {
    label: 'Nachricht',
    placeholder: 'Nachricht an {title}',
    caption: 'Beschriftung hinzufügen',
    send: 'Senden',
    emoji: 'Emoji einfügen',
    editing: 'Du bearbeitest deine Nachricht',
    replying: 'Antwort an {name}',
    replyingBefore: 'Antwort auf eine frühere Nachricht',
    cancelEdit: 'Bearbeiten abbrechen',
    cancelReply: 'Antwort abbrechen',
    blocked: '{why}. Es wird nichts gesendet, bis das oben gelöst ist.',
    left: 'Du hast diese Unterhaltung verlassen. Du kannst lesen, was zuvor geschrieben wurde.',
    removed: 'Du wurdest aus dieser Unterhaltung entfernt. Du kannst lesen, was zuvor geschrieben wurde.',
    bytesLeft: 'Platz für {bytes} weitere Bytes',
    tooLong: 'Um {bytes} Bytes zu lang. Sende es in Teilen.',
    suggestions: 'Vorschläge',
    suggestionCount: '{count, plural, one {# Vorschlag} other {# Vorschläge}}, wähle mit den Pfeiltasten',
  },
  emoji: {
    label: 'Emoji',
    search: 'Emoji suchen',
    none: 'Kein Emoji mit diesem Namen.',
  },
};
