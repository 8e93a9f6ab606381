import type { Material } from '#lib/course/programme.ts';

/*
 * What the demo's course says. Days count from the one on which the demo is first started.
 */

export const demoAbout = {
  aboutRu:
    'Небольшой курс при демонстрационном соревновании: лекции, домашние задания со сроками и проект. Студенты и оценки вымышлены, правила и расчёты настоящие.',
  aboutEn:
    'A small course around the demo competition: lectures, homework with deadlines, and a project. Students and marks are invented; rules and sums are real.',
};

export type DemoHomework = { titleRu: string; titleEn: string; handedOutDay: number };
export const demoHomeworks: readonly DemoHomework[] = [
  { titleRu: 'Линейные модели и эмпирический риск', titleEn: 'Linear models and empirical risk', handedOutDay: -21 },
  { titleRu: 'Свёртки на спектрограммах', titleEn: 'Convolutions over spectrograms', handedOutDay: -7 },
  { titleRu: 'CTC и поиск по лучу', titleEn: 'CTC and beam search', handedOutDay: 7 },
];

type DemoLecture = {
  titleRu: string;
  titleEn: string;
  materials: Material[];
  day: number;
  homework: number | null;
  isProject: boolean;
};
export const demoLectures: readonly DemoLecture[] = [
  {
    titleRu: 'Что видишь, то и получишь: эмпирический и истинный риск',
    titleEn: 'What you see is what you get: empirical and true risk',
    materials: [{ title: 'Error rates with intervals', url: 'https://en.wikipedia.org/wiki/Word_error_rate' }],
    day: -21,
    homework: 0,
    isProject: false,
  },
  {
    titleRu: 'Звук как картинка: признаки и свёртки',
    titleEn: 'Sound as a picture: features and convolutions',
    materials: [{ title: 'Mel scale', url: 'https://en.wikipedia.org/wiki/Mel_scale' }],
    day: -7,
    homework: 1,
    isProject: false,
  },
  {
    titleRu: 'Проект: соревнование по распознаванию речи',
    titleEn: 'The project: a competition in speech recognition',
    materials: [],
    day: -3,
    homework: null,
    isProject: true,
  },
  {
    titleRu: 'Как выровнять звук и текст: CTC',
    titleEn: 'Aligning sound and text: CTC',
    materials: [],
    day: 7,
    homework: 2,
    isProject: false,
  },
];

/** The first ones are the captains of the demo's teams, in their order. */
export const demoStudents = [
  { studentNumber: '1032101', name: 'Капитан 1', groupName: 'НС-31' },
  { studentNumber: '1032102', name: 'Капитан 2', groupName: 'НС-31' },
  { studentNumber: '1032103', name: 'Капитан 3', groupName: 'НС-31' },
  { studentNumber: '1032104', name: 'Капитан 4', groupName: 'НС-32' },
  { studentNumber: '1032105', name: 'Капитан 5', groupName: 'НС-32' },
  { studentNumber: '1032106', name: 'Студентка без учётной записи', groupName: 'НС-32' },
  { studentNumber: '1032107', name: 'Студент без учётной записи', groupName: 'НС-32' },
] as const;

/** Of the first homework; `day` counts from its hand-out, and 14 is the soft deadline. */
export const demoMarks = [
  { studentNumber: '1032101', points: 19, day: 13, time: '21:40' },
  { studentNumber: '1032102', points: 20, day: 15, time: '00:10' },
  { studentNumber: '1032103', points: 17.5, day: 17, time: '12:00' },
  { studentNumber: '1032104', points: 16, day: 18, time: '20:00' },
  { studentNumber: '1032106', points: 12, day: 14, time: '23:59' },
] as const;
