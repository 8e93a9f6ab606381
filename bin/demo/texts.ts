import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';

type Texts = { nameRu: string; nameEn: string; briefRu: string; briefEn: string; licence: string; attribution: string };

const briefEndRu = `
За пятью командами в таблице **нет людей**, но их файлы настоящие: это ответы двух моделей самого Rostrum, одной после короткого
обучения и другой после полного, полученные жадным поиском и лучевым поиском с языковой моделью. Кто есть кто, видно по названиям.
Файлы приготовлены заранее из таких же записей; один испорчен нарочно, чтобы показать, как выглядит отказ. Базовое решение эта
установка распознаёт сама: после первого запуска обученная модель слушает test и dev, и его строка появляется в таблице.

Попробуйте сами: заведите учётную запись, создайте команду, скачайте записи и загрузите свой файл.
`;

const briefEndEn = `
There are **no people** behind the five teams on the board, but their files are real: the answers of two models of Rostrum's own, one
trained for a short time and one fully, by greedy search and by beam search with a language model. The teams' names say which is
which. The files were made beforehand from recordings like these; one is spoilt on purpose, to show what a refusal looks like. The
baseline is recognised by this installation itself: after the first start, the trained model listens to test and dev, and its line
appears on the board.

Try it yourself: sign up, form a team, download the recordings and upload a file of your own.
`;

/** What the demo says of itself, by the speech it has. */
export const demoTexts: Record<DemoSpeech['kind'], Texts> = {
  recorded: {
    nameRu: 'Демонстрация: телефонные подсказки',
    nameEn: 'Demo: telephone prompts',
    briefRu: `Распознайте русские голосовые подсказки телефонной станции: 538 настоящих записей одного диктора, 8 кГц, от одного слова
до полуминуты.

Эталоны этой демонстрации не секретны: записи и тексты взяты из открытого пакета Debian. Секретно только деление test на
публичную и закрытую половины. Цифры в текстах заменены словами по правилу, на слух это не проверялось.
${briefEndRu}`,
    briefEn: `Recognise the Russian voice prompts of a telephone exchange: 538 real recordings of one speaker, 8 kHz, from a single word
to half a minute.

The references of this demo are no secret: recordings and texts come from an open Debian package. Only the division of test
into a public and a private half is secret. Digits in the texts were written out as words by rule; nobody checked by ear.
${briefEndEn}`,
    licence: 'CC BY 3.0',
    attribution:
      'Russian voice prompts © 2010 Maxim, provided by Maxim Topal, ivrvoice.ru; from the Debian packages asterisk-core-sounds-ru-wav ' +
      'and asterisk-core-sounds-ru. The recordings are unchanged; in the texts, digits were written out as words.',
  },
  synthesised: {
    nameRu: 'Демонстрация: синтезированные команды',
    nameEn: 'Demo: synthesised commands',
    briefRu: `Распознайте русские команды голосовому помощнику. Настоящих записей здесь достать не удалось, поэтому **речь синтезирована**
на этой машине программой eSpeak NG: 40 фраз четырьмя голосами. Тексты лежат в исходном коде Rostrum и не секретны. Модели Rostrum
учились на телефонных подсказках и на речи этой же программы.
${briefEndRu}`,
    briefEn: `Recognise Russian commands to a voice assistant. Real recordings could not be had here, so the **speech is synthesised** on
this machine by eSpeak NG: 40 sentences in four voices. Their texts stand in the source code of Rostrum and are no secret. Rostrum's
models were trained on telephone prompts and on speech of the same program.
${briefEndEn}`,
    licence: 'MIT',
    attribution: 'Sentences written for Rostrum, spoken on this machine by eSpeak NG.',
  },
};

export const demoRules = {
  rulesRu: `1. В команде не больше четырёх человек, человек состоит в одной команде.
2. В сутки можно загрузить пять файлов для test. Файл с ошибками формата попытки не стоит.
3. Размечать записи test вручную и подбирать эталоны по счёту на доске нельзя.
4. Места определяет закрытая половина test, она откроется после окончания.`,
  rulesEn: `1. A team has at most four people, a person is in one team.
2. Five files for test a day. A file with problems of format costs no attempt.
3. Transcribing the test recordings by hand, or guessing references from the scores on the board, is not allowed.
4. Places are decided by the private half of test, which is shown after the end.`,
};
