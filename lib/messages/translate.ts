import addressInEnglish from './en/address.json' with { type: 'json' };
import apiInEnglish from './en/api.json' with { type: 'json' };
import archiveInEnglish from './en/archive.json' with { type: 'json' };
import auditInEnglish from './en/audit.json' with { type: 'json' };
import authInEnglish from './en/auth.json' with { type: 'json' };
import backupInEnglish from './en/backup.json' with { type: 'json' };
import baselineInEnglish from './en/baseline.json' with { type: 'json' };
import boardInEnglish from './en/board.json' with { type: 'json' };
import cliInEnglish from './en/cli.json' with { type: 'json' };
import clientInEnglish from './en/client.json' with { type: 'json' };
import commonInEnglish from './en/common.json' with { type: 'json' };
import competitionInEnglish from './en/competition.json' with { type: 'json' };
import consoleInEnglish from './en/console.json' with { type: 'json' };
import courseInEnglish from './en/course.json' with { type: 'json' };
import dataInEnglish from './en/data.json' with { type: 'json' };
import defenceInEnglish from './en/defence.json' with { type: 'json' };
import docsInEnglish from './en/docs.json' with { type: 'json' };
import eligibilityInEnglish from './en/eligibility.json' with { type: 'json' };
import evidenceInEnglish from './en/evidence.json' with { type: 'json' };
import failureInEnglish from './en/failure.json' with { type: 'json' };
import finalsInEnglish from './en/finals.json' with { type: 'json' };
import juryInEnglish from './en/jury.json' with { type: 'json' };
import labInEnglish from './en/lab.json' with { type: 'json' };
import labelsInEnglish from './en/labels.json' with { type: 'json' };
import liveInEnglish from './en/live.json' with { type: 'json' };
import logInEnglish from './en/log.json' with { type: 'json' };
import mailInEnglish from './en/mail.json' with { type: 'json' };
import microphoneInEnglish from './en/microphone.json' with { type: 'json' };
import newsInEnglish from './en/news.json' with { type: 'json' };
import organiseInEnglish from './en/organise.json' with { type: 'json' };
import peopleInEnglish from './en/people.json' with { type: 'json' };
import powerInEnglish from './en/power.json' with { type: 'json' };
import privacyInEnglish from './en/privacy.json' with { type: 'json' };
import problemsInEnglish from './en/problems.json' with { type: 'json' };
import questionsInEnglish from './en/questions.json' with { type: 'json' };
import revealInEnglish from './en/reveal.json' with { type: 'json' };
import scoringInEnglish from './en/scoring.json' with { type: 'json' };
import stageInEnglish from './en/stage.json' with { type: 'json' };
import startInEnglish from './en/start.json' with { type: 'json' };
import talkInEnglish from './en/talk.json' with { type: 'json' };
import teamInEnglish from './en/team.json' with { type: 'json' };
import uploadInEnglish from './en/upload.json' with { type: 'json' };
import waysInEnglish from './en/ways.json' with { type: 'json' };
import { formatMessage, type MessageValues } from './format.ts';
import type { Language } from './language.ts';
import addressInRussian from './ru/address.json' with { type: 'json' };
import apiInRussian from './ru/api.json' with { type: 'json' };
import archiveInRussian from './ru/archive.json' with { type: 'json' };
import auditInRussian from './ru/audit.json' with { type: 'json' };
import authInRussian from './ru/auth.json' with { type: 'json' };
import backupInRussian from './ru/backup.json' with { type: 'json' };
import baselineInRussian from './ru/baseline.json' with { type: 'json' };
import boardInRussian from './ru/board.json' with { type: 'json' };
import cliInRussian from './ru/cli.json' with { type: 'json' };
import clientInRussian from './ru/client.json' with { type: 'json' };
import commonInRussian from './ru/common.json' with { type: 'json' };
import competitionInRussian from './ru/competition.json' with { type: 'json' };
import consoleInRussian from './ru/console.json' with { type: 'json' };
import courseInRussian from './ru/course.json' with { type: 'json' };
import dataInRussian from './ru/data.json' with { type: 'json' };
import defenceInRussian from './ru/defence.json' with { type: 'json' };
import docsInRussian from './ru/docs.json' with { type: 'json' };
import eligibilityInRussian from './ru/eligibility.json' with { type: 'json' };
import evidenceInRussian from './ru/evidence.json' with { type: 'json' };
import failureInRussian from './ru/failure.json' with { type: 'json' };
import finalsInRussian from './ru/finals.json' with { type: 'json' };
import juryInRussian from './ru/jury.json' with { type: 'json' };
import labInRussian from './ru/lab.json' with { type: 'json' };
import labelsInRussian from './ru/labels.json' with { type: 'json' };
import liveInRussian from './ru/live.json' with { type: 'json' };
import logInRussian from './ru/log.json' with { type: 'json' };
import mailInRussian from './ru/mail.json' with { type: 'json' };
import microphoneInRussian from './ru/microphone.json' with { type: 'json' };
import newsInRussian from './ru/news.json' with { type: 'json' };
import organiseInRussian from './ru/organise.json' with { type: 'json' };
import peopleInRussian from './ru/people.json' with { type: 'json' };
import powerInRussian from './ru/power.json' with { type: 'json' };
import privacyInRussian from './ru/privacy.json' with { type: 'json' };
import problemsInRussian from './ru/problems.json' with { type: 'json' };
import questionsInRussian from './ru/questions.json' with { type: 'json' };
import revealInRussian from './ru/reveal.json' with { type: 'json' };
import scoringInRussian from './ru/scoring.json' with { type: 'json' };
import stageInRussian from './ru/stage.json' with { type: 'json' };
import startInRussian from './ru/start.json' with { type: 'json' };
import talkInRussian from './ru/talk.json' with { type: 'json' };
import teamInRussian from './ru/team.json' with { type: 'json' };
import uploadInRussian from './ru/upload.json' with { type: 'json' };
import waysInRussian from './ru/ways.json' with { type: 'json' };

const english = {
  address: addressInEnglish,
  api: apiInEnglish,
  archive: archiveInEnglish,
  audit: auditInEnglish,
  auth: authInEnglish,
  backup: backupInEnglish,
  baseline: baselineInEnglish,
  board: boardInEnglish,
  cli: cliInEnglish,
  client: clientInEnglish,
  common: commonInEnglish,
  competition: competitionInEnglish,
  console: consoleInEnglish,
  course: courseInEnglish,
  data: dataInEnglish,
  defence: defenceInEnglish,
  docs: docsInEnglish,
  eligibility: eligibilityInEnglish,
  evidence: evidenceInEnglish,
  failure: failureInEnglish,
  finals: finalsInEnglish,
  jury: juryInEnglish,
  lab: labInEnglish,
  labels: labelsInEnglish,
  log: logInEnglish,
  live: liveInEnglish,
  mail: mailInEnglish,
  news: newsInEnglish,
  microphone: microphoneInEnglish,
  organise: organiseInEnglish,
  people: peopleInEnglish,
  power: powerInEnglish,
  privacy: privacyInEnglish,
  problems: problemsInEnglish,
  questions: questionsInEnglish,
  reveal: revealInEnglish,
  scoring: scoringInEnglish,
  stage: stageInEnglish,
  start: startInEnglish,
  talk: talkInEnglish,
  team: teamInEnglish,
  upload: uploadInEnglish,
  ways: waysInEnglish,
};

/** Every message by area. That Russian has the same keys is checked here by its type, and the placeholders by a test. */
type Messages = typeof english;

const russian: Messages = {
  address: addressInRussian,
  api: apiInRussian,
  archive: archiveInRussian,
  audit: auditInRussian,
  auth: authInRussian,
  backup: backupInRussian,
  baseline: baselineInRussian,
  board: boardInRussian,
  cli: cliInRussian,
  client: clientInRussian,
  common: commonInRussian,
  competition: competitionInRussian,
  console: consoleInRussian,
  course: courseInRussian,
  data: dataInRussian,
  defence: defenceInRussian,
  docs: docsInRussian,
  eligibility: eligibilityInRussian,
  evidence: evidenceInRussian,
  failure: failureInRussian,
  finals: finalsInRussian,
  jury: juryInRussian,
  lab: labInRussian,
  labels: labelsInRussian,
  log: logInRussian,
  live: liveInRussian,
  mail: mailInRussian,
  news: newsInRussian,
  microphone: microphoneInRussian,
  organise: organiseInRussian,
  people: peopleInRussian,
  power: powerInRussian,
  privacy: privacyInRussian,
  problems: problemsInRussian,
  questions: questionsInRussian,
  reveal: revealInRussian,
  scoring: scoringInRussian,
  stage: stageInRussian,
  start: startInRussian,
  talk: talkInRussian,
  team: teamInRussian,
  upload: uploadInRussian,
  ways: waysInRussian,
};

const messages: Record<Language, Messages> = { en: english, ru: russian };

export type Area = keyof Messages;

/** The messages of one area, as a client component takes them in its props. */
export type AreaMessages<A extends Area> = Messages[A];

export type MessageKey = { [A in Area]: `${A}.${keyof Messages[A] & string}` }[Area];

export type Translate = (key: MessageKey, values?: MessageValues) => string;

const translators: Record<Language, Translate> = { en: translatorIn('en'), ru: translatorIn('ru') };

/** `translator('ru')('upload.quotaLeft', { left: 3, limit: 5 })`. Throws where a value of the message is missing. */
export function translator(language: Language): Translate {
  return translators[language];
}

/** One area's messages, to be passed to a client component and read there with `translatorOf` of ./format.ts. */
export function messagesOf<A extends Area>(area: A, language: Language): AreaMessages<A> {
  return messages[language][area];
}

/** For keys that were put together from stored values, such as the code of an old problem. */
export function isMessageKey(key: string): key is MessageKey {
  return messageAt('en', key) !== undefined;
}

function translatorIn(language: Language): Translate {
  return (key, values) => {
    const message = messageAt(language, key);
    if (message === undefined) throw new Error(`no message "${key}" in ${language}`);
    return formatMessage(message, language, values);
  };
}

function messageAt(language: Language, key: string): string | undefined {
  const dot = key.indexOf('.');
  const areas: Record<string, Record<string, string>> = messages[language];
  const area = key.slice(0, dot);
  const name = key.slice(dot + 1);
  return Object.hasOwn(areas, area) && Object.hasOwn(areas[area]!, name) ? areas[area]![name] : undefined;
}
