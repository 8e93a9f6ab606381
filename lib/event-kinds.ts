/*
 * Every kind of event there is, and what it is about. Each has its sentence, `organise.event-KIND` in lib/messages: recordEvent takes
 * these kinds alone, and the page of the log does not compile without their sentences.
 */

export const eventGroups = [
  'files',
  'teams',
  'labels',
  'settings',
  'talk',
  'staff',
  'courses',
  'accounts',
  'boards',
] as const;
export type EventGroup = (typeof eventGroups)[number];

const groupOf = {
  'submission-received': 'files',
  'submission-rejected': 'files',
  'submission-failed': 'files',
  'submission-voided': 'files',
  'submission-restored': 'files',
  'submission-retried': 'files',
  'final-picked': 'files',
  'final-unpicked': 'files',
  'baseline-pinned': 'files',
  'baseline-run-requested': 'files',
  'rules-accepted': 'teams',
  'team-created': 'teams',
  'team-joined': 'teams',
  'team-left': 'teams',
  'team-member-removed': 'teams',
  'team-renamed': 'teams',
  'captain-changed': 'teams',
  'invite-created': 'teams',
  'invite-revoked': 'teams',
  'member-placed': 'teams',
  'member-dismissed': 'teams',
  'captain-appointed': 'teams',
  'teams-merged': 'teams',
  'guest-marked': 'teams',
  'guest-unmarked': 'teams',
  'attempts-granted': 'teams',
  'deadline-extended': 'teams',
  'adjustment-revoked': 'teams',
  'method-card-edited': 'teams',
  'method-card-closed': 'teams',
  'method-card-reopened': 'teams',
  'team-ranked': 'teams',
  'team-unranked': 'teams',
  'import-requested': 'labels',
  'dataset-imported': 'labels',
  'labels-committed': 'labels',
  'labels-edited': 'labels',
  'labels-discarded': 'labels',
  'labels-applied': 'labels',
  'rescore-requested': 'labels',
  'label-audit-requested': 'labels',
  'audit-file-added': 'labels',
  'audit-file-removed': 'labels',
  'label-looked-at': 'labels',
  'label-flagged': 'labels',
  'competition-created': 'settings',
  'competition-changed': 'settings',
  'announcement-published': 'talk',
  'announcement-edited': 'talk',
  'announcement-withdrawn': 'talk',
  'question-asked': 'talk',
  'question-answered': 'talk',
  'role-granted': 'staff',
  'role-revoked': 'staff',
  'role-offered': 'staff',
  'role-offer-withdrawn': 'staff',
  'course-created': 'courses',
  'course-changed': 'courses',
  'course-linked': 'courses',
  'course-published': 'courses',
  'course-rules-changed': 'courses',
  'homework-saved': 'courses',
  'homework-removed': 'courses',
  'lecture-saved': 'courses',
  'lecture-removed': 'courses',
  'roster-imported': 'courses',
  'students-invited': 'courses',
  'student-linked': 'courses',
  'student-removed': 'courses',
  'extension-granted': 'courses',
  'extension-revoked': 'courses',
  'sheet-published': 'courses',
  'shortlist-agreed': 'courses',
  'shortlist-declined': 'courses',
  'results-recorded': 'boards',
  'results-rehearsed': 'boards',
  'reveal-moved': 'boards',
  'reveal-ended': 'boards',
  'reveal-restarted': 'boards',
  'reveal-previewed': 'boards',
  'reveal-file-made': 'boards',
  'reveal-code-shown': 'boards',
  'board-drawn': 'boards',
  'account-created': 'accounts',
  'password-changed': 'accounts',
  'identity-linked': 'accounts',
  'sessions-revoked': 'accounts',
  'token-created': 'accounts',
  'token-revoked': 'accounts',
  'administrator-made': 'accounts',
  'person-erased': 'accounts',
} as const satisfies Record<string, EventGroup>;

export type EventKind = keyof typeof groupOf;

export const eventKinds = Object.keys(groupOf).filter(isEventKind);

/** A kind that the log may hold from an older or a newer version is none that we have words for. */
export function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(groupOf, kind);
}

export function kindsOf(group: EventGroup): EventKind[] {
  return eventKinds.filter((kind) => groupOf[kind] === group);
}
