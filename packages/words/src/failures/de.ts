import type { Like } from '../catalogue.ts';
import type * as source from './en.ts';

export const failures: Like<typeof source.failures> = {
  flaws: {
    empty: 'Ein Name hat mindestens einen Buchstaben.',
    long: 'Ein Name hat höchstens 40 Zeichen.',
    character: '{sign} darf darin nicht vorkommen.',
    place: '{sign} darf an dieser Stelle eines Namens nicht stehen.',
    script: '{sign} gehört zu einem anderen Alphabet als der Rest des Namens.',
  },
  rolledBack:
    'Der Server zeigt dieses Konto, wie es {since} war. Seine anderen Geräte haben einen neueren Stand gesehen, und was sich seitdem geändert hat, fehlt. Es wurde nichts verändert. Frag, wer den Server betreibt, ob er aus einer Sicherung wiederhergestellt wurde.',
  nameDiffers:
    'Der Server hat „{shown}“ gezeigt, aber die eigene Signatur dieser Person sagt „{name}“. Es wurde nichts gesendet. Meinst du „{name}“? Dann mach es noch einmal.',
  codes: {
    bad_answer:
      'Der Server hat in einer Form geantwortet, die hier nicht verstanden wird: Einer von beiden hat eine ältere Version. Starte Sotto neu, oder bitte den Betreiber um eine neue Version.',
    bad_code:
      'Name oder Code stimmt nicht, oder der Code ist benutzt oder zu alt. Bitte den Betreiber um einen neuen.',
    bad_login: 'Name oder Passwort stimmt nicht.',
    bad_name:
      'Ein Name hat 1 bis 40 Buchstaben und Ziffern eines Alphabets; dazwischen stehen Leerzeichen und . _ - ’',
    bad_passphrase: 'Die Passphrase der Schlüssel auf diesem Gerät stimmt nicht.',
    bad_password: 'Das Passwort hat ein Zeichen, das kein Passwort haben kann.',
    bad_phrase: 'Ein Wort der Wiederherstellungswörter stimmt nicht. Prüfe Schreibweise und Reihenfolge.',
    bad_signature: 'Eine Signatur stimmt nicht. Es wurde nichts verändert.',
    bad_title: 'Der Name der Gruppe oder ihr Thema hat ein Zeichen, das niemand sähe.',
    busy: 'Der Server ist beschäftigt oder wird beendet. Versuch es gleich noch einmal.',
    clock: 'Die Uhr dieses Geräts geht falsch, und der Server hat die Zeit nicht angenommen.',
    deleted: 'Diese Nachricht wurde von ihrem Autor gelöscht.',
    epoch_conflict: 'In der Gruppe hat sich gleichzeitig etwas anderes geändert. Versuch es noch einmal.',
    file_missing: 'Eine Datei dieser Nachricht ist nicht oder nicht ganz beim Server. Sende sie noch einmal.',
    forbidden: 'Dieses Konto darf das hier nicht.',
    id_reused: 'Das wurde schon für etwas anderes benutzt. Versuch es noch einmal.',
    identity_changed:
      'Der Sicherheitsschlüssel dieser Person hat sich geändert. Nimm ihn an oder prüfe ihn, bevor es weitergeht.',
    internal: 'Dem Server ist das misslungen. Versuch es noch einmal; sein Protokoll nennt die Ursache.',
    invite_expired: 'Diese Einladung gilt nicht mehr. Bitte um eine neue.',
    limit: 'Eine Grenze dieses Servers ist erreicht.',
    list_conflict: 'Die Liste der Geräte hat sich gleichzeitig geändert. Versuch es noch einmal.',
    malformed: 'Der Server nimmt das in dieser Form nicht an. Starte Sotto neu und versuch es noch einmal.',
    misdated: 'Das Datum liegt weit von der Zeit der Unterhaltung. Versuch es noch einmal.',
    name_confusable: 'Jemand hier hat einen Namen, der gleich aussieht. Wähl einen anderen.',
    name_differs:
      'Nach der eigenen Signatur heißt diese Person anders als gezeigt. Es wurde nichts gesendet.',
    name_taken: 'Jemand hier hat diesen Namen schon. Wähl einen anderen.',
    no_usable_device: 'Diese Person hat kein Gerät mit gültigem Schlüssel. Sie muss Sotto einmal öffnen.',
    not_current:
      'Was du bestätigt hast, ist nicht mehr, was dort steht. Sieh es noch einmal an und bestätige das.',
    not_found: 'Das gibt es nicht, oder nicht mehr.',
    not_here: 'Dieses Konto ist nicht auf diesem Gerät. Melde dich wieder an.',
    not_member: 'Du bist in dieser Unterhaltung kein Mitglied.',
    quota:
      'Der Server hat keinen Platz mehr für Dateien. Lösch Dateien, die du nicht mehr brauchst, oder bitte den Betreiber um mehr.',
    rate_limited: 'Das war zu viel auf einmal. Warte einen Moment und versuch es noch einmal.',
    registration_closed: 'Neue Konten sind auf diesem Server nicht möglich. Frag den Betreiber.',
    replayed: 'Das hat der Server schon gesehen. Versuch es noch einmal.',
    rolled_back:
      'Der Server zeigt einen älteren Stand dieses Kontos, als seine anderen Geräte gesehen haben.',
    rule_broken: 'Die Regeln der Gruppe erlauben diese Änderung nicht.',
    stale_epoch: 'Die Gruppe hat neuere Schlüssel. Versuch es noch einmal.',
    stale_key: 'Ein Schlüssel hat sich gleichzeitig geändert. Versuch es noch einmal.',
    too_large: 'Das ist größer als erlaubt. Sende weniger auf einmal.',
    unanswered:
      'Leute, die du in Unterhaltungen geholt hast, haben sie noch nicht angenommen. Frag wieder, wenn sie es getan haben, oder später.',
    unauthenticated: 'Der Server hat den Nachweis dieses Geräts nicht angenommen. Starte Sotto neu.',
    unknown_device: 'Dieses Gerät gehört nicht zu den Geräten des Kontos. Melde dich wieder an.',
    unknown_version:
      'Der Server spricht eine andere Version. Starte Sotto neu, oder bitte den Betreiber um eine neue Version.',
    live_blocked:
      'Der Server antwortet, aber etwas auf dem Weg (ein Proxy, ein Filter, eine Firewall) sperrt die Live-Verbindung (WebSocket). Versuch ein anderes Netz, oder frag, wer dieses betreibt.',
    unreachable: 'Der Server antwortet nicht. Prüf die Verbindung; es wird von selbst wieder versucht.',
    usage: 'Das geht jetzt nicht.',
    vault_conflict: 'Ein anderes deiner Geräte hat gleichzeitig etwas geändert. Versuch es noch einmal.',
    verification: 'Etwas, das der Server gesendet hat, brach eine Regel des Protokolls und wurde abgewiesen.',
    weak_password: 'Das Passwort ist zu kurz. Nimm mindestens 8 Zeichen.',
    work_needed:
      'Viele haben versucht, sich unter diesem Namen anzumelden. Warte einen Moment und versuch es noch einmal.',
    wrong_offset: 'Das Hochladen steht nicht, wo es stehen sollte. Versuch es noch einmal.',
    wrong_origin:
      'Die Adresse, die du benutzt, ist keine dieses Servers. Sein Betreiber setzt SOTTO_ORIGIN auf die Adresse, die man öffnet.',
  },
  reasons: {
    accept_first: 'Nimm zuerst die Unterhaltung an.',
    bad_file:
      'Die Datei ist nicht die gesendete: Sie ist beschädigt oder abgeschnitten. Nichts davon wurde behalten.',
    blocked: 'Du hast diese Person blockiert. Heb das zuerst auf.',
    file_changed: 'Die Datei hat sich geändert, während sie gelesen wurde. Füg sie noch einmal an.',
    file_lost: 'Eine Datei ist von diesem Gerät verschwunden. Füg sie noch einmal an.',
    file_unread: 'Eine Datei wurde nicht ganz gelesen. Füg sie noch einmal an.',
    guest_too_old: 'Dieser Gast stammt aus der Zeit, bevor Gäste Konten werden konnten. Leg ein Konto an.',
    here_already: 'Dieses Konto ist schon auf diesem Gerät. Öffne es stattdessen.',
    here_still:
      'Dieses Konto ist auf diesem Gerät: Öffne es und setz ein neues Passwort. Ist es ausgesperrt, entferne es zuerst von diesem Gerät.',
    invite_gone: 'Diese Einladung gilt nicht mehr. Bitte um einen neuen Link.',
    keys_locked: 'Die Schlüssel hier sind verschlossen. Ihre Passphrase wird gebraucht.',
    no_keys: 'Der Server zeigt die Schlüssel dieser Person nicht.',
    not_accepted:
      'Die anderen müssen zuerst deinen neuen Sicherheitsschlüssel annehmen. Sie sehen ihn, wenn sie Sotto öffnen.',
    not_editable:
      'Nur Texte und Bildunterschriften lassen sich bearbeiten, und nur eine Bildunterschrift darf leer werden; ein Text wird gelöscht.',
    other_password:
      'Bei einem früheren Versuch, der hier abbrach, wurde schon ein Passwort gesetzt. Gib das ein.',
    path_taken: '{path} gibt es schon.',
    path_unread: '{path} lässt sich nicht lesen oder ist keine Datei.',
    path_unwritten: '{path} lässt sich nicht schreiben.',
    removal_unconfirmed:
      'Das Entfernen ist nicht bestätigt. Es wird wieder versucht; bis dahin wird hier nichts gesendet.',
    setup_unconfirmed:
      'Der Server hat nicht geantwortet. Mach dasselbe noch einmal: Es geht dort weiter, wo es aufhörte.',
    stopped: 'Das Herunterladen wurde angehalten.',
    store_blocked:
      'Ein anderer Tab oder ein anderes Programm benutzt dieses Konto, oder dort läuft eine ältere Version von Sotto. Beende es, oder lade es neu.',
    store_broken: 'Der Speicher auf diesem Gerät hat versagt. Starte Sotto neu.',
    store_full: 'Dieses Gerät hat keinen Platz mehr.',
    store_gone: 'Der Speicher auf diesem Gerät wurde geschlossen oder gelöscht. Starte Sotto neu.',
    too_many_invites: 'Eine Gruppe hat höchstens {limit} offene Einladungslinks. Widerruf sie zuerst.',
    text_too_long:
      'Ein Text hat höchstens {limit} Bytes; Umlaute zählen mehrfach. Sende ihn in Teilen oder als Datei.',
    too_many_members: 'In einer Unterhaltung sind höchstens {limit} Leute. Wähl weniger aus.',
    unsendable: 'Darin ist nichts, das sich senden lässt.',
    vault_locked: 'Das Passwort wurde auf einem anderen Gerät geändert. Gib hier zuerst das neue ein.',
    vault_never_open:
      'Dieses Gerät hat den Tresor nie geöffnet. Hol das Konto auf einem anderen Gerät zurück.',
    worker_failed: 'Ein Teil dieser Seite ist ausgefallen. Lade sie neu und versuch es noch einmal.',
  },
};

export const breaches: Like<typeof source.breaches> = {
  bad_admission: 'eine Einladung lässt nicht ein, wer durch sie kam',
  bad_commitment: 'ein Schlüssel ist nicht der, der zugesagt war',
  bad_file: 'eine Datei ist nicht ganz',
  bad_header: 'eine Änderung der Gruppe passt nicht',
  bad_invite: 'eine Einladung führt anderswohin',
  bad_key: 'ein Schlüssel darf nicht benutzt werden',
  bad_list: 'eine Geräteliste folgt nicht auf die vorige',
  bad_phrase: 'die Wiederherstellungswörter passen nicht',
  bad_signature: 'eine Signatur stimmt nicht',
  bad_vault: 'der Tresor geht nicht auf',
  bad_wrap: 'ein verschlossener Schlüssel geht nicht auf',
  cannot_decrypt: 'etwas lässt sich nicht entschlüsseln',
  expired_key: 'ein Schlüssel ist abgelaufen',
  fork: 'zwei Verläufe passen nicht zueinander',
  gap: 'etwas wurde ausgelassen',
  identity_changed: 'das Konto zeigt einen anderen Identitätsschlüssel als den hier bekannten',
  malformed: 'etwas ist nicht in seiner Form oder nicht an seinem Ort',
  misdated: 'das Datum liegt weit von der Zeit des Verlaufs',
  missing_list: 'eine Geräteliste wird nicht gezeigt',
  not_member: 'wer es schrieb, war kein Mitglied',
  old_key: 'ein neuerer Schlüssel wurde schon gesehen',
  old_list: 'eine neuere Geräteliste wurde schon gesehen',
  old_vault: 'ein neuerer Tresor wurde schon gesehen',
  replayed: 'eine Nummer, die einmal gilt, wurde zweimal benutzt',
  rollback: 'es ist weniger da, als schon gesehen wurde',
  rule_broken: 'die Regeln der Gruppe erlauben es nicht',
  unknown_device: 'sein Gerät steht in keiner Liste des Kontos',
  unknown_version: 'es ist von einer hier unbekannten Version',
  wrong_epoch: 'es steht unter anderen Schlüsseln, als es sagt',
  wrong_kind: 'es gehört zu einer anderen Art von Raum',
  wrong_room: 'es gehört in einen anderen Raum',
  wrong_sender: 'es gehört jemand anderem',
};
