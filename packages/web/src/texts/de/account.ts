import type { Like } from '@sotto/words';
import type { account as source } from '../en/account.ts';

export const account: Like<typeof source> = {
  password: {
    setTitle: 'Passwort setzen',
    setText:
      '{name} wird ein Konto: Melde dich auf anderen Geräten mit allen Unterhaltungen an, und verliere nichts, wenn dieser Browser geleert wird.',
    setBrings: {
      a: 'Melde dich auf dem Handy oder einem anderen Rechner an, mit allem, was bisher geschrieben wurde.',
      b: 'Es geht nichts verloren, wenn dieser Browser geleert wird oder dieses Gerät kaputtgeht.',
      c: 'Du bleibst, wer du bist: derselbe Name, dieselben Sicherheitsnummern.',
    },
    changeTitle: 'Passwort ändern',
    changeText:
      'Deine anderen Geräte bleiben angemeldet und fragen einmal nach dem neuen Passwort. Deine Wiederherstellungswörter bleiben gültig.',
    secureTitle: 'Ändere jetzt dein Passwort',
    secureText:
      'Das Gerät ist entfernt und kann nichts Neues lesen. Wer sich damit angemeldet hat, kennt vielleicht dein Passwort: Wähle ein anderes.',
    field: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen. Es verlässt dieses Gerät nie, auch nicht als Hash, und niemand kann es für dich zurücksetzen.',
    save: 'Passwort setzen',
    change: 'Passwort ändern',
    working: 'Dein Tresor wird mit dem neuen Passwort verschlossen …',
    setDone: 'Fertig. {name} kann sich jetzt mit diesem Passwort auf anderen Geräten anmelden.',
    changeDone: 'Dein Passwort ist geändert.',
    backTitle: 'Dein Konto zurückholen',
    backText:
      'Dieses Gerät hat deine Schlüssel noch. Es meldet alle anderen Geräte ab, setzt ein neues Passwort und erzeugt neue Schlüssel für alle Unterhaltungen. Deine Wiederherstellungswörter gelten nicht mehr: Wer in deinem Konto war, könnte sie kennen. Deine anderen Geräte melden sich mit dem neuen Passwort wieder an.',
    back: 'Zurückholen',
    backWorking: 'Die anderen werden abgemeldet und dein Tresor neu verschlossen …',
    backDone: 'Das Konto gehört wieder dir. Sonst ist niemand angemeldet.',
    next: 'Als Nächstes: Erzeuge Wiederherstellungswörter, für den Tag, an dem du das Passwort vergisst.',
    makePhrase: 'Wiederherstellungswörter erzeugen',
    later: 'Später',
  },
  phrase: {
    title: 'Wiederherstellungswörter',
    button: 'Wiederherstellungswörter',
    have: 'Du hast Wiederherstellungswörter. Mit ihnen meldest du dich an, wenn du dein Passwort vergisst.',
    haveNot:
      'Noch keine Wiederherstellungswörter. Ohne sie lässt sich ein vergessenes Passwort nicht ersetzen.',
    unconfirmed:
      'Du hast deine Wiederherstellungswörter nicht bestätigt. Erzeuge neue, wenn du sie nicht aufgeschrieben hast.',
    askText:
      '24 Wörter, mit denen du dich ohne Passwort anmeldest. Wer sie hat, ist du: Bewahre sie auf Papier auf, nicht bei diesem Gerät.',
    askAgain: 'Neue Wörter ersetzen die, die du hast.',
    current: 'Dein Passwort',
    show: 'Wörter anzeigen',
    working: 'Die Wörter werden erzeugt …',
    shownText:
      'Schreib diese Wörter in ihrer Reihenfolge auf. Sie werden nur jetzt gezeigt und nirgends aufbewahrt.',
    words: 'Wiederherstellungswörter, 24 Wörter',
    print: 'Drucken',
    printTitle: 'Wiederherstellungswörter von {name} auf {origin}',
    copied: 'Kopiert. Füge sie in einen Passwortmanager ein, nicht in einen Chat.',
    written: 'Ich habe sie aufgeschrieben',
    confirmText: 'Damit sicher ist, dass sie lesbar sind: Welche Wörter stehen hier?',
    word: 'Wort {position}',
    wrong: 'Das ist nicht Wort {position}.',
    confirm: 'Bestätigen',
    lookAgain: 'Wörter noch einmal anzeigen',
    doneText: 'Bestätigt. Mit diesen Wörtern kannst du dich auch ohne dein Passwort anmelden.',
  },
  locked: {
    label: 'Passwort geändert',
    text: 'Dein Passwort wurde auf einem anderen Gerät geändert. Gib das neue ein, damit dieses Gerät auf dem Stand bleibt.',
    field: 'Neues Passwort',
    submit: 'Entsperren',
    working: 'Wird entsperrt …',
    missing: 'Gib das neue Passwort ein.',
    notMe: 'Das war nicht ich',
  },
  reminder: {
    label: 'Erinnerung',
    password:
      'Dich gibt es nur in diesem Browser. Setze ein Passwort, dann geht nichts verloren, wenn er geleert wird.',
    phrase: 'Wenn du dein Passwort vergisst, öffnen nur Wiederherstellungswörter dein Konto wieder.',
    setPassword: 'Passwort setzen',
    makePhrase: 'Wiederherstellungswörter erzeugen',
    later: 'In einer Woche erinnern',
  },
  devices: {
    title: 'Deine Geräte',
    link: 'Geräte',
    linkHint: 'Sieh nach, wo du angemeldet bist, und entferne, was du verloren hast.',
    list: 'Geräte',
    loading: 'Deine Geräte werden abgefragt …',
    offline: 'Die Liste braucht den Server. Sie erscheint, sobald die Verbindung wieder da ist.',
    again: 'Noch einmal',
    unnamed: {
      browser: 'Ein Browser',
      terminal: 'Ein Terminal',
    },
    kind: {
      browser: 'Browser',
      terminal: 'Terminal',
    },
    current: 'Dieses Gerät',
    added: 'Hinzugefügt: {when}',
    online: 'Jetzt online',
    seen: 'Zuletzt online: {when}',
    neverSeen: 'In letzter Zeit nicht online',
    actions: 'Aktionen für {name}',
    rename: 'Umbenennen',
    renameTitle: 'Gerät umbenennen',
    name: 'Name des Geräts',
    nameMissing: 'Gib dem Gerät einen Namen.',
    remove: 'Entfernen',
    removeTitle: '{name} entfernen?',
    removeText:
      'Es kann nichts lesen, was ab jetzt geschrieben wird, und löscht seine Nachrichten, wenn es das nächste Mal online ist. Für alle deine Unterhaltungen werden neue Schlüssel erzeugt.',
    removeOthers: 'Alle anderen abmelden',
    removeOthersTitle: '{count, plural, one {# anderes Gerät} other {# andere Geräte}} abmelden?',
    removeOthersText:
      'Nur dieses Gerät bleibt. Die anderen lesen nichts, was ab jetzt geschrieben wird, und löschen ihre Nachrichten. Für alle deine Unterhaltungen werden neue Schlüssel erzeugt.',
    signing: 'Wird aus deinem Konto genommen …',
    progress: 'Neue Schlüssel: {done} von {total} Unterhaltungen',
    removed:
      '{count, plural, one {# Gerät} other {# Geräte}} entfernt. Alle Unterhaltungen haben neue Schlüssel.',
    guest:
      'Du bist Gast: Dieser Browser ist dein einziges Gerät. Setze ein Passwort, um dich auf anderen anzumelden.',
    none: 'Du bist sonst nirgends angemeldet.',
  },
  newDevice: {
    title: 'Ein neues Gerät hat sich angemeldet. Warst du das?',
    titleNamed: '{name} hat sich angemeldet. Warst du das?',
    text: 'Es liest alle deine Unterhaltungen. Wenn du es nicht kennst, entferne es jetzt.',
    yes: 'Ja, das war ich',
    remove: 'Entfernen',
    removing: 'Wird entfernt, neue Schlüssel werden erzeugt …',
  },
  removed: {
    title: 'Dieses Gerät wurde aus deinem Konto entfernt',
    text: '{name} hat dieses Gerät auf einem anderen Gerät aus dem Konto genommen. Seine Schlüssel und Nachrichten wurden hier gelöscht; mit ihnen lässt sich nichts lesen, was ab jetzt geschrieben wird.',
    mine: 'Du warst es und willst dieses Gerät zurück: Melde dich mit deinem Passwort wieder an.',
    notMine:
      'Du warst es nicht: Jemand kennt dein Passwort. Melde dich an, entferne das fremde Gerät unter Einstellungen, Geräte, und ändere sofort das Passwort.',
    leftTitle: 'Du wurdest in einem anderen Tab abgemeldet',
    leftText: 'Die Schlüssel und Nachrichten von {name} wurden aus diesem Browser gelöscht.',
    start: 'Zur Startseite',
  },
  storage: {
    title: 'Speicher in diesem Browser',
    kept: 'Dieser Browser behält deine Nachrichten, bis du sie löschst.',
    atRisk: 'Dieser Browser löscht vielleicht, was hier gespeichert ist, wenn der Platz knapp wird.',
    unknown: 'Dieser Browser sagt nicht, ob er behält, was hier gespeichert ist.',
    guest: 'Für einen Gast wäre das das Ende: Niemand sonst hat diese Schlüssel. Ein Passwort schützt davor.',
    account: 'Es ginge nichts verloren: Die Anmeldung mit deinem Passwort bringt alles zurück.',
    accountPhrase:
      'Es ginge nichts verloren: Die Anmeldung mit deinem Passwort oder deinen Wiederherstellungswörtern bringt alles zurück.',
    ask: 'Den Browser bitten, es zu behalten',
    refused:
      'Der Browser hat abgelehnt. Sotto als App zu installieren oder Benachrichtigungen zu erlauben, ändert das oft.',
  },
  export: {
    title: 'Eine Kopie für dich',
    explain:
      'Eine Zip-Datei mit allem, was dieses Gerät lesen kann, als Text und als Daten. Sie entsteht hier und ist nicht verschlüsselt: Bewahre sie gut auf.',
    action: 'Meine Unterhaltungen exportieren',
    fileName: 'sotto-{day}.zip',
    progress: '{done} von {total, plural, one {# Unterhaltung} other {# Unterhaltungen}}',
  },
  verify: {
    ways: 'Mit dem anderen Gerät vergleichen',
    scan: 'Den anderen Code scannen',
    scanHint: 'Richte die Kamera auf den Code auf dem anderen Bildschirm.',
    video: 'Bild der Kamera',
    stopScan: 'Kamera anhalten',
    noCamera: 'Es lässt sich keine Kamera nutzen. Erlaube sie für diese Seite, oder vergleiche die Ziffern.',
    paste: 'Ziffern, die du auf anderem Weg bekommen hast',
    match: 'Die Nummern stimmen überein. Niemand sitzt zwischen euch.',
    different:
      'Die Nummern stimmen nicht überein. Vielleicht sitzt jemand zwischen euch, oder eine Seite sieht sich eine andere Person an.',
    differentNext:
      'Bestätige nicht. Prüfe, ob {name} dort deinen Namen geöffnet hat; weichen sie immer noch ab, trefft euch, oder frag, wer den Server betreibt.',
    incomplete: 'Bisher richtig, es {left, plural, one {fehlt # Ziffer} other {fehlen # Ziffern}}.',
    notANumber: 'Dieser Code ist keine Sicherheitsnummer.',
    compared: 'Ich habe alle 60 Ziffern selbst verglichen, und sie sind gleich',
  },
};
