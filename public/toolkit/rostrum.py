#!/usr/bin/env python3
"""Rostrum for notebooks and shells: data, checks, scores and uploads, in one file of standard Python (3.8 or later).

In a notebook:

    import rostrum
    server = rostrum.Server()                      # ROSTRUM_URL, ROSTRUM_TOKEN and ROSTRUM_COMPETITION
    folder = server.download("dev", to="data")     # resumed and verified; data/dev/manifest.csv and the recordings
    references = rostrum.read_references(folder / "manifest.csv")
    score = rostrum.score(references, {"clip-1": "text", ...}, profile=server.facts()["profile"])
    rostrum.write_predictions("predictions.csv", hypotheses)
    receipt = server.submit("predictions.csv", note="three epochs")
    print(server.wait(receipt["id"]))

In a shell: python3 rostrum.py --help
The token comes from the environment only, so that it stands in no history and in no list of processes.
"""

import argparse
import base64
import csv
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import sys
import time
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
import zipfile

__version__ = "1"


def _in(english, russian):
    """The reader's language, by the locale."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return russian if locale.startswith("ru") else english


# ---------------------------------------------------------------------------------------------------------------------
# Files: predictions and references


class WrongFile(ValueError):
    """A file with problems: each is (line, code, sentence), line 1-based and 0 for the file as a whole."""

    def __init__(self, path, problems):
        self.path = str(path)
        self.problems = sorted(problems, key=lambda problem: (problem[1] == "id-missing", problem[0]))
        super().__init__("\n".join(self.lines()))

    def lines(self):
        """One line a problem, as `rostrum validate` prints them; the column is not looked for here."""
        return ["%s:%d:0: %s: %s" % (self.path, line, code, sentence) for line, code, sentence in self.problems]


def read_predictions(path, format=None):
    """{id: text} of a predictions file: CSV, TSV, JSON Lines, Kaldi text or NIST trn, plain or gzip.

    Ids that are paths (`audio_filepath`) stay as they are; `validate` and `score` match them by name. Raises WrongFile.
    """
    return {key: cells[0] for key, cells in _read(path, ("pred_text", "text"), format).items()}


def read_references(path, format=None):
    """{id: [wording, …]} of a manifest or any predictions format; the cheapest wording counts.

    Further wordings stand in `{a / b}`, in columns or keys `text_2`, `text_3` …, or in a list in JSON.
    """
    return {key: wordings(cells) for key, cells in _read(path, ("text", "pred_text"), format, True).items()}


def read_seconds(path):
    """{id: seconds or None} of a manifest, a sample submission, or lines of one id each."""
    text = _decode(path)
    if _detect(text) in ("kaldi", "trn"):
        return {line.split()[0]: None for line in text.splitlines() if line.strip()}
    cells = _read(path, ("duration", "seconds"), None, value_required=False)
    return {key: float(values[0]) if values[0].strip() else None for key, values in cells.items()}


def write_predictions(path, hypotheses):
    """Writes {id: text} as the CSV that every competition takes."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text"])
        rows.writerows(hypotheses.items())


def validate(path, expected, format=None):
    """Raises WrongFile with every problem of a predictions file, else returns {id: text} in the order of `expected`.

    `expected` is {id: seconds or None}, as read_seconds gives it. A hypothesis may have 12 words a second and 20 more.
    """
    places = {}
    found = _read(path, ("pred_text", "text"), format, places=places)
    match = _matcher(expected)
    problems, hypotheses, first = [], {}, {}
    for key, cells in found.items():
        known = match(key)
        line = places[key]
        if known is None:
            problems.append(
                (
                    line,
                    "id-unknown",
                    _in('there is no utterance "%s" in this split', "записи «%s» в этой части нет") % key,
                )
            )
        elif known in hypotheses:
            problems.append(
                (
                    line,
                    "id-duplicate",
                    _in('"%s" stands in line %d already', "«%s» уже есть в строке %d") % (known, first[known]),
                )
            )
        else:
            hypotheses[known], first[known] = cells[0], line
            seconds = expected[known]
            words = len(cells[0].split())
            if seconds is not None and words > int(12 * seconds) + 20:
                most = int(12 * seconds) + 20
                problems.append(
                    (
                        line,
                        "hypothesis-too-long",
                        _in("%d words; %g s may have %d", "%d слов; на %g с допускается %d") % (words, seconds, most),
                    )
                )
    missing = [key for key in expected if key not in hypotheses]
    problems += [
        (0, "id-missing", _in('no text for "%s"; an empty one is legal', "нет текста для «%s»; пустой допустим") % key)
        for key in missing
    ]
    if problems:
        raise WrongFile(path, problems)
    return {key: hypotheses[key] for key in expected}


def _decode(path):
    data = pathlib.Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise WrongFile(path, [(0, "gzip-broken", str(error))]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise WrongFile(
            path,
            [
                (
                    line,
                    "invalid-utf8",
                    _in("the file is not UTF-8: byte %02X", "файл не в UTF-8: байт %02X") % data[error.start],
                )
            ],
        ) from error
    if not text.strip():
        raise WrongFile(path, [(0, "empty-file", _in("the file is empty", "файл пуст"))])
    return text


def _detect(text):
    lines = [line.strip() for line in text.splitlines()[:40] if line.strip() and not line.startswith(";;")][:20]
    if all(re.search(r"\([^()\s]+\)$", line) for line in lines):
        return "trn"
    if lines[0][0] in "[{":
        return "jsonl"
    for delimiter, name in ((",", "csv"), (";", "csv"), ("\t", "tsv")):
        cells = [cell.strip(' "').lower() for cell in lines[0].split(delimiter)]
        if len(cells) > 1 and {"id", "audio_filepath", "text", "pred_text"} & set(cells):
            return name
    return "kaldi"


def _read(path, fields, format, further=False, places=None, value_required=True):
    """{id: [value, further values …]}, all problems raised at once. `places` is filled with the line of each id."""
    text = _decode(path)
    problems, found, places = [], {}, {} if places is None else places
    for line, key, values in _records(text, format or _detect(text), fields, further, problems, value_required):
        key = unicodedata.normalize("NFC", key.strip())
        if not key:
            problems.append((line, "id-empty", _in("the id is empty", "идентификатор пуст")))
        elif key in found:
            problems.append(
                (
                    line,
                    "id-duplicate",
                    _in('"%s" stands in line %d already', "«%s» уже есть в строке %d") % (key, places[key]),
                )
            )
        else:
            found[key], places[key] = values, line
    if problems:
        raise WrongFile(path, problems)
    return found


def _records(text, format, fields, further, problems, value_required):
    if format in ("csv", "tsv"):
        return _delimited(text, "\t" if format == "tsv" else None, fields, further, problems, value_required)
    if format == "jsonl":
        return _json_lines(text, fields, further, problems, value_required)
    return _lines(text, format, problems)


def _lines(text, format, problems):
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(" \t\r")
        if not line or (format == "trn" and line.startswith(";;")):
            continue
        if format == "kaldi":
            key, value = re.fullmatch("([^ \t]+)[ \t]*(.*)", line).groups()
            yield number, key, [value]
        elif line.endswith(")") and "(" in line:
            value, _, key = line[:-1].rpartition("(")
            yield number, key, [value]
        else:
            problems.append(
                (
                    number,
                    "trn-id-missing",
                    _in("the line does not end with its (id)", "строка не кончается на (идентификатор)"),
                )
            )


def _delimited(text, delimiter, fields, further, problems, value_required):
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = delimiter or (";" if header.count(";") > header.count(",") else ",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names, line = None, 0
    while True:
        start = line + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            problems.append((start, "quote-unclosed", str(error)))
            return
        line = rows.line_num
        if row is None:
            return
        if not row or row == [""]:
            continue
        if names is None:
            names = [name.strip().lower() for name in row]
            key = next((names.index(name) for name in ("id", "audio_filepath") if name in names), None)
            value = next((names.index(name) for name in fields if name in names), None)
            if key is None or (value is None and value_required):
                missing = "id" if key is None else fields[-1]
                problems.append(
                    (
                        start,
                        "column-missing",
                        _in('there is no column "%s" among %s', "нет столбца «%s», есть %s")
                        % (missing, ", ".join(names)),
                    )
                )
                return
            others = [i for i, name in enumerate(names) if further and _is_further(name)]
        elif len(row) != len(names):
            code = "fields-few" if len(row) < len(names) else "fields-many"
            problems.append(
                (
                    start,
                    code,
                    _in("%d fields where the header has %d", "полей %d, а в заголовке %d") % (len(row), len(names)),
                )
            )
        else:
            yield start, row[key], ["" if value is None else row[value]] + [row[i] for i in others]


def _json_lines(text, fields, further, problems, value_required):
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            problems.append((number, "json-invalid", str(error)))
            continue
        if not isinstance(record, dict):
            problems.append((number, "json-not-object", _in("the line is no JSON object", "строка — не объект JSON")))
            continue
        key = record.get("id", record.get("audio_filepath"))
        value = next((record[name] for name in fields if name in record), None if value_required else "")
        if key is None or value is None:
            problems.append(
                (
                    number,
                    "json-field-missing",
                    _in('there is no "%s"', "нет «%s»") % ("id" if key is None else fields[-1]),
                )
            )
            continue
        values = value if further and isinstance(value, list) else [value]
        values = values + [record[name] for name in record if further and _is_further(name)]
        if not all(isinstance(one, str) for one in values) and value_required:
            problems.append((number, "json-field-type", _in('"%s" is no text', "«%s» — не текст") % fields[-1]))
            continue
        yield number, str(key), [str(one) for one in values]


def _is_further(name):
    return re.fullmatch(r"text_?(?:[2-9]|[1-9][0-9]+)", name) is not None


def wordings(cells):
    """All wordings of the cells, in order, each once; an empty cell is none where another has one."""
    found = {}
    for cell in cells:
        if cell.strip():
            found.update(dict.fromkeys(_expand(cell)))
    return list(found) or [""]


def _expand(text):
    """The wordings of a text in which balanced `{a / b}` stands for either and `@` for silence."""
    groups, opened = {}, []
    for i, sign in enumerate(text):
        if sign == "{":
            opened.append([i, False])
        elif sign == "/" and opened:
            opened[-1][1] = True
        elif sign == "}" and opened:
            start, has_slash = opened.pop()
            if has_slash:
                groups[start] = groups[i] = True
    if not groups:
        return [text]
    levels = [([], [""])]
    for piece in re.finditer(r"[{}/]|[^{}/]+", text):
        done, current = levels[-1]
        if piece.start() in groups and piece.group() == "{":
            levels.append(([], [""]))
        elif piece.start() in groups:
            levels.pop()
            choices = [choice.strip() for choice in done + current]
            choices = list(dict.fromkeys("" if choice == "@" else choice for choice in choices))
            outer, before = levels[-1]
            levels[-1] = (outer, [start + choice for start in before for choice in choices])
        elif piece.group() == "/" and len(levels) > 1:
            levels[-1] = (done + current, [""])
        else:
            levels[-1] = (done, [start + piece.group() for start in current])
        if len(levels[-1][1]) > 256:
            raise ValueError("more than 256 wordings of one utterance: %s" % text[:80])
    return list(dict.fromkeys(re.sub(" {2,}", " ", wording).strip() for wording in levels[0][1]))


def _matcher(ids):
    """Finds the id that a key names: itself, or the end of a path with or without its extension, or a unique base name."""
    names = {}
    for key in ids:
        names.setdefault(_base_name(key), []).append(key)

    def match(key):
        if key in ids:
            return key
        parts = key.replace("\\", "/").split("/")
        for i in range(len(parts)):
            end = "/".join(parts[i:])
            for one in (end, re.sub(r"\.[A-Za-z0-9]{1,5}$", "", end)):
                if one in ids:
                    return one
        same = names.get(_base_name(key), []) if "/" in key or re.search(r"\.[A-Za-z0-9]{1,5}$", key) else []
        return same[0] if len(same) == 1 else None

    return match


def _base_name(path):
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", path.replace("\\", "/").split("/")[-1])


# ---------------------------------------------------------------------------------------------------------------------
# Scoring: the counts that the server makes

_WHITE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = re.compile("[%s]+" % _WHITE)
_PYTHON_SPACE = re.compile("[\x1c-\x1f%s]+" % _WHITE)
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
PROFILES = ("raw", "ru", "ru-yo", "en", "whisper-basic")


def normalise(text, profile="raw", mapping=None):
    """The words of a text as the scorer sees them. `mapping` is [(from, to), …], a competition's own table."""
    words = _words(text, profile)
    return _mapped(words, mapping, profile) if mapping else words


def _words(text, profile):
    if profile not in PROFILES:
        raise ValueError("unknown profile %r: one of %s" % (profile, ", ".join(PROFILES)))
    if profile == "whisper-basic":
        return _like_whisper(unicodedata.normalize("NFC", text))
    text = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
    if profile != "raw":
        text = text.lower()
        if profile != "en":
            text = text.replace("\u0450", "\u0435").replace("\u045d", "\u0438")
            text = unicodedata.normalize("NFC", re.sub("[\u0300\u0301\xad]", "", text))
        if profile == "ru-yo":
            text = re.sub("\u0451\u0308*", "\u0435", text)
        text = unicodedata.normalize("NFC", _without_punctuation(text))
    return [word for word in _SPACE.split(text) if word]


def _without_punctuation(text):
    """A space for punctuation, but for hyphens and apostrophes within words and `.,:` between digits."""
    text = re.sub("[\u2010\u2011]", "-", text)
    text = re.sub("[\u2018\u2019\u02bc]", "'", text)
    kinds = [unicodedata.category(sign) for sign in text]
    result = []
    for i, sign in enumerate(text):
        before = kinds[i - 1] if i else ""
        after = kinds[i + 1] if i + 1 < len(kinds) else ""
        if sign in "'-":
            stays = before[:1] in ("L", "M", "N") and after[:1] in ("L", "N")
        elif sign in ".,:":
            stays = before == after == "Nd"
        else:
            stays = kinds[i][0] != "P"
        result.append(sign if stays else " ")
    return "".join(result)


def _like_whisper(text):
    text = re.sub(r"[<\[][^>\]]*[>\]]", "", text.lower())
    text = unicodedata.normalize("NFKC", re.sub(r"\([^)]+\)", "", text))
    text = "".join(" " if unicodedata.category(sign)[0] in "MSP" else sign for sign in text)
    return [word for word in _PYTHON_SPACE.split(text.lower()) if word]


def _mapped(words, mapping, profile):
    rules = {}
    for source, target in mapping:
        key = tuple(_words(source, profile))
        if key:
            rules.setdefault(key, _words(target, profile))
    lengths = sorted({len(key) for key in rules}, reverse=True)
    result, i = [], 0
    while i < len(words):
        length = next((n for n in lengths if tuple(words[i : i + n]) in rules), 0)
        result += rules[tuple(words[i : i + length])] if length else [words[i]]
        i += length or 1
    return result


def count_errors(reference, hypothesis):
    """(hits, substitutions, deletions, insertions) of two token lists: fewest errors, then most hits.

    The division is unique, so it is the server's. Words for WER, the characters of " ".join(words) for CER.
    """
    n, m = len(reference), len(hypothesis)
    start = 0
    while start < min(n, m) and reference[start] == hypothesis[start]:
        start += 1
    end = 0
    while end < min(n, m) - start and reference[n - 1 - end] == hypothesis[m - 1 - end]:
        end += 1
    errors, hits = _fewest(reference[start : n - end], hypothesis[start : m - end])
    hits += start + end
    return hits, n + m - 2 * hits - errors, errors - m + hits, errors - n + hits


def _fewest(reference, hypothesis):
    """Errors and hits travel as one number to be made small: errors * unit - hits."""
    unit = min(len(reference), len(hypothesis)) + 1
    row = [unit * j for j in range(len(hypothesis) + 1)]
    for i, token in enumerate(reference, 1):
        diagonal, left = row[0], unit * i
        row[0] = left
        for j, other in enumerate(hypothesis, 1):
            above = row[j]
            best = diagonal - 1 if token == other else diagonal + unit
            left = min(best, above + unit, left + unit)
            row[j] = left
            diagonal = above
    errors = -(-row[-1] // unit)
    return errors, errors * unit - row[-1]


def score(references, hypotheses, profile="raw", characters=False, mapping=None):
    """Pooled counts as `rostrum score --json` names them, and per utterance under "perUtterance".

    `references` {id: text or [wording, …]}, `hypotheses` {id: text}: every reference needs one. Rates are ratios, None where
    the references have no words.
    """
    match = _matcher(references)
    texts = {match(key): text for key, text in hypotheses.items()}
    missing = [key for key in references if key not in texts]
    if missing or None in texts:
        unknown = [key for key in hypotheses if match(key) is None]
        raise ValueError("ids differ: missing %s, unknown %s" % (missing[:5], unknown[:5]))
    per_utterance = {}
    for key, wordings in references.items():
        wordings = [wordings] if isinstance(wordings, str) else wordings
        sides = [normalise(wording, profile, mapping) for wording in wordings]
        said = normalise(texts[key], profile, mapping)
        counts = {"words": _cheapest(sides, said)}
        if characters:
            counts["characters"] = _cheapest([" ".join(side) for side in sides], " ".join(said))
        per_utterance[key] = counts
    pooled = lambda kind: _pool([counts[kind] for counts in per_utterance.values()])
    return {
        "profile": profile,
        "utterances": len(per_utterance),
        "words": pooled("words"),
        "characters": pooled("characters") if characters else None,
        "perUtterance": per_utterance,
    }


def _cheapest(wordings, said):
    counts = [count_errors(wording, said) for wording in wordings]
    return min(counts, key=lambda one: (sum(one[1:]), -one[0], -sum(one[:3])))


def _pool(counts):
    hits, substitutions, deletions, insertions = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0, 0)
    reference = hits + substitutions + deletions
    errors = substitutions + deletions + insertions
    return {
        "hits": hits,
        "substitutions": substitutions,
        "deletions": deletions,
        "insertions": insertions,
        "reference": reference,
        "errorRate": errors / reference if reference else None,
    }


def read_mapping(path):
    """[(from, to), …] of a competition's table of spellings as the server gives it out (`mapping.csv`)."""
    rows = list(csv.reader(io.StringIO(_decode(path))))
    return [(row[0], row[1]) for row in rows if len(row) == 2 and row != ["from", "to"]]


# ---------------------------------------------------------------------------------------------------------------------
# The server


class Refused(Exception):
    """The server's answer to a request that it does not grant: `status`, `code`, and of a file its `errors`."""

    def __init__(self, status, problem):
        self.status = status
        self.code = problem.get("code", str(status))
        self.errors = problem.get("errors", [])
        super().__init__(problem.get("detail") or problem.get("title") or "HTTP %d" % status)


class _KeepToken(urllib.request.HTTPRedirectHandler):
    """Mirrors may serve recordings, and must not see the token."""

    def redirect_request(self, request, *rest):
        target = super().redirect_request(request, *rest)
        if target is not None and _origin(target.full_url) != _origin(request.full_url):
            target.headers.pop("Authorization", None)
            target.unredirected_hdrs.pop("Authorization", None)
        return target


def _origin(url):
    return urllib.parse.urlsplit(url)[:2]


class Server:
    """One competition on one server. Without arguments: ROSTRUM_URL, ROSTRUM_COMPETITION and ROSTRUM_TOKEN."""

    attempts = 6

    def __init__(self, url=None, competition=None, token=None):
        self.url = (url or os.environ.get("ROSTRUM_URL") or "http://127.0.0.1:3000").rstrip("/")
        self.competition = competition or os.environ.get("ROSTRUM_COMPETITION") or "demo"
        self.token = token or os.environ.get("ROSTRUM_TOKEN") or ""
        self._opener = urllib.request.build_opener(_KeepToken)

    def facts(self):
        """The public facts: windows, quota, profile, splits."""
        return self._json("")

    def download(self, split, to="data", progress=None):
        """Brings a split to `to`/<split>: manifest.csv and the recordings. Returns that folder.

        Goes on where it was cut off, verifies the SHA-256, and does nothing where all is there. `progress(done, total)` is
        told in bytes.
        """
        listing = self._json("/data?split=" + urllib.parse.quote(split))
        archive = next((one for one in listing["archives"] if one["split"] == split), None)
        if archive is None:
            raise Refused(404, {"code": "not-found", "detail": "there is no archive of %s" % split})
        folder = pathlib.Path(to) / split
        mark = folder / ".sha256"
        if mark.exists() and mark.read_text() == archive["sha256"]:
            return folder
        pathlib.Path(to).mkdir(parents=True, exist_ok=True)
        part = pathlib.Path(to) / (archive["sha256"][:16] + ".zip.part")
        self._fetch(archive, part, progress or (lambda done, total: None))
        with zipfile.ZipFile(part) as file:
            root = pathlib.Path(to).resolve()
            for name in file.namelist():
                if root not in (root / name).resolve().parents:
                    raise ValueError("the archive names a file outside of its folder: %r" % name)
            file.extractall(to)
        mark.write_text(archive["sha256"])
        part.unlink()
        return folder

    def submit(self, path, split="test", note="", code=None):
        """Uploads a predictions file and returns the receipt. Safe to repeat: the same bytes cost no second attempt."""
        data = pathlib.Path(path).read_bytes()
        digest = hashlib.sha256(data)
        query = {"split": split, "file": pathlib.Path(path).name, "note": note, "code": code or None}
        query = urllib.parse.urlencode({key: value for key, value in query.items() if value})
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Digest": "sha-256=:%s:" % base64.b64encode(digest.digest()).decode(),
            "Idempotency-Key": hashlib.sha256((query + digest.hexdigest()).encode()).hexdigest(),
        }
        return self._json("/submissions?" + query, data=data, headers=headers)

    def submission(self, id):
        """State of one submission, and what you may see of its score."""
        return self._json(self.url + "/api/v1/submissions/" + urllib.parse.quote(id))

    def submissions(self):
        """The team's own submissions, newest first, and its quota."""
        return self._json("/submissions")

    def leaderboard(self):
        """The public board as it stands: {"rows": [{"rank", "team", "wer", …}], …}."""
        return self._json("/leaderboard")

    def wait(self, id, seconds=600, tell=None):
        """Asks until a submission is scored, rejected or failed, at most so long; `tell(submission)` hears every answer."""
        end = time.monotonic() + seconds
        while True:
            submission = self.submission(id)
            if tell:
                tell(submission)
            if submission["state"] not in ("queued", "scoring") or time.monotonic() > end:
                return submission
            time.sleep(1)

    def mapping(self):
        """The competition's own spellings as [(from, to), …]; none where it has no table."""
        try:
            with self._open("/mapping.csv") as answer:
                rows = list(csv.reader(io.StringIO(answer.read().decode())))
        except Refused as refused:
            if refused.status == 404:
                return []
            raise
        return [(row[0], row[1]) for row in rows[1:] if len(row) == 2]

    def _json(self, path, data=None, headers=None):
        with self._open(path, data, headers) as answer:
            return json.loads(answer.read().decode())

    def _open(self, path, data=None, headers=None):
        """Tries again where the network or the server fails, and where the server says when."""
        url = (
            path
            if path.startswith("http")
            else "%s/api/v1/competitions/%s%s"
            % (
                self.url,
                urllib.parse.quote(self.competition),
                path,
            )
        )
        for attempt in range(self.attempts):
            request = urllib.request.Request(url, data=data, headers=self._headers(url, headers))
            try:
                return self._opener.open(request, timeout=60)
            except urllib.error.HTTPError as error:
                problem = _problem_of(error)
                again = error.code in (502, 503, 504)
                wait = error.headers.get("Retry-After", "")
                if not again or attempt + 1 == self.attempts:
                    raise Refused(error.code, problem) from None
                time.sleep(min(30, int(wait)) if wait.isdigit() else 2**attempt / 2)
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if attempt + 1 == self.attempts:
                    raise ConnectionError("%s cannot be reached: %s" % (_origin(url)[1], error)) from error
                time.sleep(2**attempt / 2)

    def _headers(self, url, more):
        headers = {"User-Agent": "rostrum.py/" + __version__, "Accept-Language": _in("en", "ru")}
        # Other sites may stand beside it on one host.
        if self.token and url.startswith(self.url + "/"):
            headers["Authorization"] = "Bearer " + self.token
        return dict(headers, **(more or {}))

    def _fetch(self, archive, part, progress):
        for attempt in range(self.attempts):
            have = part.stat().st_size if part.exists() else 0
            if have < archive["bytes"]:
                try:
                    self._append(archive, part, have, progress)
                except (OSError, EOFError):
                    if attempt + 1 == self.attempts:
                        raise
                    time.sleep(2**attempt / 2)
                    continue
            if part.stat().st_size == archive["bytes"] and _sha256_of(part) == archive["sha256"]:
                return
            part.unlink()
        raise ValueError("what was downloaded is not what the server announced (SHA-256)")

    def _append(self, archive, part, have, progress):
        headers = {"Range": "bytes=%d-" % have} if have else {}
        with self._open(archive["url"], headers=headers) as answer:
            mode = "ab" if answer.status == 206 else "wb"
            done = have if answer.status == 206 else 0
            with open(part, mode) as file:
                while True:
                    piece = answer.read(1 << 18)
                    if not piece:
                        break
                    file.write(piece)
                    done += len(piece)
                    progress(done, archive["bytes"])
        if done < archive["bytes"]:
            raise EOFError("the connection ended early")


def _problem_of(error):
    try:
        return json.loads(error.read().decode())
    except ValueError:
        return {"title": error.reason}


def _sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


# ---------------------------------------------------------------------------------------------------------------------
# The command line


def main(arguments=None):
    """Exit status: 0 done, 1 a file is wrong, 2 wrong usage, 3 refused or not reached."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except WrongFile as wrong:
        print("\n".join(wrong.lines()), file=sys.stderr)
        return 1
    except Refused as refused:
        for one in refused.errors:
            print(
                "%s:%d:%d: %s: %s" % (options.file, one["line"], one["column"], one["code"], one["message"]),
                file=sys.stderr,
            )
        print("%s: %s" % (refused.code, refused), file=sys.stderr)
        return 1 if refused.errors else 3
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1 if isinstance(error, (ValueError, FileNotFoundError)) else 3


def _parser():
    parser = argparse.ArgumentParser(
        prog="rostrum.py",
        description=_in(
            "Data, checks, scores and uploads of a Rostrum competition. The token is read from ROSTRUM_TOKEN.",
            "Данные, проверка, оценка и отправка в соревновании Rostrum. Токен берётся из ROSTRUM_TOKEN.",
        ),
    )
    parser.add_argument("--url", help=_in("of the server, or ROSTRUM_URL", "адрес сервера или ROSTRUM_URL"))
    parser.add_argument(
        "--competition", help=_in("slug, or ROSTRUM_COMPETITION", "имя в адресе или ROSTRUM_COMPETITION")
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    download = commands.add_parser("download", help=_in("bring the data of splits", "скачать данные"))
    download.add_argument("splits", nargs="*", default=["train", "dev", "test"])
    download.add_argument("--to", default="data", help=_in("folder", "папка"))
    download.set_defaults(run=_run_download)

    check = commands.add_parser("validate", help=_in("check a predictions file", "проверить файл с ответами"))
    check.add_argument("file")
    check.add_argument("--ids", default="data/test/manifest.csv", help=_in("manifest", "манифест"))
    check.set_defaults(run=_run_validate)

    dev = commands.add_parser("score", help=_in("score a file as the server would", "оценить файл, как сервер"))
    dev.add_argument("file")
    dev.add_argument("--ref", default="data/dev/manifest.csv", help=_in("references", "эталоны"))
    dev.add_argument(
        "--profile", choices=PROFILES, help=_in("the competition's by default", "по умолчанию как в соревновании")
    )
    dev.add_argument("--mapping", help=_in("table of spellings", "таблица написаний"))
    dev.add_argument("--characters", action="store_true", help=_in("CER too", "и CER"))
    dev.add_argument("--json", action="store_true")
    dev.set_defaults(run=_run_score)

    submit = commands.add_parser(
        "submit", help=_in("upload a file and wait for its score", "отправить файл и дождаться оценки")
    )
    submit.add_argument("file")
    submit.add_argument("--split", choices=("test", "dev"), default="test")
    submit.add_argument("--note", default="", help=_in("for your team", "заметка для команды"))
    submit.add_argument("--code", help=_in("link to the code", "ссылка на код"))
    submit.add_argument("--no-wait", action="store_true", help=_in("only the receipt", "только квитанция"))
    submit.set_defaults(run=_run_submit)

    status = commands.add_parser("status", help=_in("the team's submissions", "отправки команды"))
    status.set_defaults(run=_run_status, file=None)
    return parser


def _server(options):
    return Server(options.url, options.competition)


def _run_download(options):
    for split in options.splits:
        options.file = split
        folder = _server(options).download(split, options.to, _progress(split))
        print(folder)


def _progress(split):
    if not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def show(done, total):
        left = (time.monotonic() - start) * (total - done) / max(1, done)
        end = "\n" if done == total else "\r"
        print(
            "%s  %5.1f / %.1f MB  %3d s " % (split, done / 1e6, total / 1e6, left), end=end, file=sys.stderr, flush=True
        )

    return show


def _run_validate(options):
    hypotheses = validate(options.file, read_seconds(options.ids))
    print(_in("%d texts: the file is fine", "Текстов: %d, файл в порядке") % len(hypotheses))


def _run_score(options):
    server = _server(options)
    profile = options.profile or server.facts()["profile"]
    mapping = read_mapping(options.mapping) if options.mapping else [] if options.profile else server.mapping()
    references = read_references(options.ref)
    hypotheses = validate(options.file, dict.fromkeys(references))
    result = score(references, hypotheses, profile, options.characters, mapping)
    del result["perUtterance"]
    if options.json:
        print(json.dumps(result))
        return
    for name, counts in (("WER", result["words"]), ("CER", result["characters"])):
        if counts:
            rate = "—" if counts["errorRate"] is None else "%.2f %%" % (100 * counts["errorRate"])
            print(
                "%s %s  H %d  S %d  D %d  I %d  (%s)"
                % (
                    name,
                    rate,
                    counts["hits"],
                    counts["substitutions"],
                    counts["deletions"],
                    counts["insertions"],
                    profile,
                )
            )


def _run_submit(options):
    server = _server(options)
    receipt = server.submit(options.file, options.split, options.note, options.code)
    if options.no_wait:
        print(json.dumps(receipt))
        return 0
    submission = server.wait(receipt["id"])
    print(json.dumps({key: submission[key] for key in ("id", "state", "queuePosition", "score", "failure")}))
    return 3 if submission["state"] == "failed" else 0


def _run_status(options):
    answer = _server(options).submissions()
    for one in answer["submissions"]:
        wer = (one["score"] or {}).get("wer")
        print(
            "%s  %-8s  %-4s  %s  %s"
            % (
                one["receivedAt"],
                one["state"],
                one["split"],
                "—" if wer is None else "%.1f %%" % (100 * wer),
                one["file"],
            )
        )


if __name__ == "__main__":
    sys.exit(main())
