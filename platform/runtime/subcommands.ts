import { pipeline } from 'node:stream/promises'
import { FileError } from './csv-file.ts'
import { EnvironmentError } from './environment.ts'
import { BadFlag } from './flags.ts'
import { endWithReader } from './standard-output.ts'

type Printed = string | Iterable<string>

/** What a command line can do: by its first word, given the others; what comes back is printed. */
export type Subcommands = Readonly<Record<string, (args: readonly string[]) => Printed | Promise<Printed>>>

/** How a command line ended that was not understood, and one that could not be done. */
const askedWrongly = 2
const failed = 1

/**
 * Does what the first word of the command line of this process names, and leaves its exit code:
 * 0; 2 when it is not understood; 1 when a file cannot be read. Both of these are one line, which begins with `name`.
 * @param usage what `--help` prints
 * @throws every other error of a command
 */
export async function runSubcommand(name: string, usage: string, commands: Subcommands): Promise<void> {
  endWithReader()
  try {
    const printed = await resultOf(process.argv.slice(2), usage, commands)
    // As fast as it is read, and not all of it at once: it may be long.
    await pipeline(typeof printed === 'string' ? [printed] : printed, process.stdout, { end: false })
  } catch (error) {
    if (![BadFlag, EnvironmentError, FileError].some((known) => error instanceof known)) throw error
    process.stderr.write(`${name}: ${(error as Error).message}\n`)
    process.exitCode = error instanceof FileError ? failed : askedWrongly
  }
  // What started us keeps a channel open.
  process.disconnect?.()
}

function resultOf(
  [word, ...args]: readonly string[],
  usage: string,
  commands: Subcommands,
): ReturnType<Subcommands[string]> {
  if (word === '--help' || word === '-h') return usage
  const command = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined
  if (command) return command(args)
  const problem = word === undefined ? 'nothing to do' : `unknown command "${word}"`
  throw new BadFlag(`${problem}: give ${Object.keys(commands).join(' or ')} (see --help)`)
}
