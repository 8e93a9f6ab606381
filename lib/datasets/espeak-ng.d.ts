declare module 'espeak-ng' {
  /** Runs the command-line program eSpeak NG once, in WebAssembly with a file system of its own. */
  export default function run(options: {
    arguments: string[];
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<{ FS: { readFile(path: string): Uint8Array } }>;
}
