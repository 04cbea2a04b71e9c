import type { Like } from '@sotto/words';
import type { requests as source } from '../en/requests.ts';

export const requests: Like<typeof source> = {
  requests: {
    title: 'Anfragen',
    waiting: '{count, plural, one {1 wartet auf deine Antwort} other {{shown} warten auf deine Antwort}}',
    hint: 'Von Leuten, mit denen du nichts teilst. Niemand erfährt, ob du nachgesehen hast, und nichts davon meldet sich, bevor du annimmst.',
    none: 'Niemand fragt an. Leute, mit denen du nichts teilst, kommen zuerst hierher.',
    direct: 'möchte dir schreiben',
    group:
      'hat dich in eine Gruppe geholt{count, plural, =0 {} one {, mit # weiteren Person} other {, mit # weiteren Personen}}',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    block: 'Blockieren',
    show: 'Zeigen, was geschrieben wurde',
    hide: 'Ausblenden',
    called: 'Gruppenname, wie er dort steht',
    topic: 'Thema, wie es dort steht',
    shownNote: 'Links und Dateien lassen sich öffnen, sobald du annimmst.',
    nothing: 'Es wurde noch nichts geschrieben.',
    files: '[{count, plural, one {eine Datei} other {# Dateien}}]',
    declineTitle: 'Die Anfrage von {name} ablehnen?',
    declineDirect:
      'Die Unterhaltung verschwindet hier, und diese Person kann nicht noch einmal anfragen. Sie erfährt nichts davon. Du kannst ihr trotzdem selbst schreiben.',
    declineGroup:
      'Du verlässt die Gruppe, und niemand, mit dem du nichts teilst, kann dich zurückholen. Die anderen sehen, dass du gegangen bist.',
    declined: 'Du hast die Anfrage von {name} abgelehnt.',
  },
  blocking: {
    title: 'Blockierte Personen',
    none: 'Du hast niemanden blockiert. Blockieren kannst du aus einer Unterhaltung, aus den Mitgliedern einer Gruppe oder aus einer Anfrage.',
    hint: 'Du hörst nichts von ihnen, auf allen deinen Geräten. Sie erfahren nichts davon.',
    block: 'Blockieren',
    blockTitle: '{name} blockieren?',
    blockText:
      'Du hörst nichts mehr von dieser Person, auf allen deinen Geräten: Deine Unterhaltung mit ihr verschwindet, und ihre Anfragen erscheinen nie. Was sie in gemeinsamen Gruppen schreibt, ist eingeklappt. Sie erfährt nichts davon. In den Einstellungen kannst du das aufheben.',
    unblock: 'Nicht mehr blockieren',
    unblockNamed: '{name} nicht mehr blockieren',
    unblocked: '{name} ist nicht mehr blockiert.',
    message: 'Von jemandem, den du blockiert hast',
    show: 'Anzeigen',
    showNamed: 'Die Nachricht von {name} anzeigen',
  },
};
