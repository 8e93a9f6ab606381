/** What a team may work with; each takes a file from the data to its place on the board. */
export const tools = ['curl', 'python', 'node'] as const;
export type Tool = (typeof tools)[number];

/** What a cell does; its title and its sentence are messages of this name. */
export type Step = 'token' | 'data' | 'predict' | 'submit' | 'wait' | 'board';
export type Cell = { step: Step; language: 'sh' | 'python' | 'js'; code: string };

/** `origin` and `slug` are the competition's; `tokenName` is the reader's own name for a token, never the token. */
export type Place = { origin: string; slug: string; tokenName: string };

/**
 * The cells of the quick start, in their order: one after another they make a program, which the tests run. The token is typed
 * into a variable, so that it stands in no file and no history.
 */
export function quickStart(tool: Tool, place: Place): Cell[] {
  const name = place.tokenName.replace(/[\p{C}\u2028\u2029]/gu, ' ');
  return { curl: withCurl, python: withPython, node: withNode }[tool]({ ...place, tokenName: name });
}

function withCurl({ origin, slug, tokenName }: Place): Cell[] {
  const auth = '-H "Authorization: Bearer $ROSTRUM_TOKEN"';
  return [
    {
      step: 'token',
      language: 'sh',
      code: `export ROSTRUM_URL=${origin} ROSTRUM_COMPETITION=${slug}
read -rs ROSTRUM_TOKEN && export ROSTRUM_TOKEN    # ${tokenName}`,
    },
    {
      step: 'data',
      language: 'sh',
      code: `API="$ROSTRUM_URL/api/v1/competitions/$ROSTRUM_COMPETITION"
curl -fsS ${auth} -o sample_submission.csv "$API/data/sample_submission.csv"
curl -fsS ${auth} -C - -o test.zip "$API/data/test.zip"`,
    },
    { step: 'predict', language: 'sh', code: 'cp sample_submission.csv predictions.csv' },
    {
      step: 'submit',
      language: 'sh',
      code: `curl -sS --fail-with-body ${auth} -H "Content-Type: text/csv" --data-binary @predictions.csv \\
  -o receipt.json "$API/submissions?split=test&file=predictions.csv"; cat receipt.json
ID=$(sed -E 's/^\\{"id":"([^"]+)".*/\\1/' receipt.json)`,
    },
    {
      step: 'wait',
      language: 'sh',
      code: `until curl -fsS ${auth} -o submission.json "$ROSTRUM_URL/api/v1/submissions/$ID" &&
  ! grep -qE '"state":"(queued|scoring)"' submission.json; do sleep 1; done
cat submission.json`,
    },
    { step: 'board', language: 'sh', code: 'curl -fsS -H "Accept: text/csv" "$API/leaderboard"' },
  ];
}

function withPython({ origin, slug, tokenName }: Place): Cell[] {
  return [
    {
      step: 'token',
      language: 'python',
      code: `import getpass, os, urllib.request

os.environ["ROSTRUM_URL"] = "${origin}"
os.environ["ROSTRUM_COMPETITION"] = "${slug}"
if not os.environ.get("ROSTRUM_TOKEN"):
    os.environ["ROSTRUM_TOKEN"] = getpass.getpass("ROSTRUM_TOKEN: ")    # ${tokenName}
urllib.request.urlretrieve(os.environ["ROSTRUM_URL"] + "/toolkit/rostrum.py", "rostrum.py")`,
    },
    {
      step: 'data',
      language: 'python',
      code: `import rostrum

server = rostrum.Server()
folder = server.download("test", to="data")
seconds = rostrum.read_seconds(folder / "manifest.csv")`,
    },
    {
      step: 'predict',
      language: 'python',
      code: `hypotheses = {id: "" for id in seconds}
rostrum.write_predictions("predictions.csv", hypotheses)
rostrum.validate("predictions.csv", seconds)`,
    },
    {
      step: 'submit',
      language: 'python',
      code: `receipt = server.submit("predictions.csv")
print(receipt)`,
    },
    {
      step: 'wait',
      language: 'python',
      code: `submission = server.wait(receipt["id"])
print(submission["state"], submission["score"])`,
    },
    {
      step: 'board',
      language: 'python',
      code: `for row in server.leaderboard()["rows"]:
    print(row["rank"], row["team"], row["wer"])`,
    },
  ];
}

function withNode({ origin, slug, tokenName }: Place): Cell[] {
  return [
    {
      step: 'token',
      language: 'sh',
      code: `read -rs ROSTRUM_TOKEN && export ROSTRUM_TOKEN    # ${tokenName}`,
    },
    {
      step: 'data',
      language: 'js',
      code: `import { writeFile } from 'node:fs/promises';
import { env } from 'node:process';

const api = '${origin}/api/v1';
const competition = \`\${api}/competitions/${slug}\`;

async function call(url, init = {}) {
  const headers = { Authorization: \`Bearer \${env.ROSTRUM_TOKEN}\`, ...init.headers };
  const answer = await fetch(url, { ...init, headers });
  if (!answer.ok) throw new Error(\`\${answer.status} \${await answer.text()}\`);
  return answer;
}

const sample = await (await call(\`\${competition}/data/sample_submission.csv\`)).text();
await writeFile('test.zip', (await call(\`\${competition}/data/test.zip\`)).body);`,
    },
    {
      step: 'predict',
      language: 'js',
      code: `const [header, ...rows] = sample.trim().split(/\\r?\\n/);
const predictions = [header, ...rows.map((row) => \`\${row.split(',')[0]},\`)].join('\\n');`,
    },
    {
      step: 'submit',
      language: 'js',
      code: `const receipt = await (
  await call(\`\${competition}/submissions?split=test&file=predictions.csv\`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
    body: predictions,
  })
).json();
console.log(receipt);`,
    },
    {
      step: 'wait',
      language: 'js',
      code: `let submission;
do {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  submission = await (await call(receipt.links.self)).json();
} while (submission.state === 'queued' || submission.state === 'scoring');
console.log(submission.state, submission.score);`,
    },
    {
      step: 'board',
      language: 'js',
      code: `const board = await (await call(\`\${competition}/leaderboard\`)).json();
for (const { rank, team, wer } of board.rows) console.log(rank, team, wer);`,
    },
  ];
}
