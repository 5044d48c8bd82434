import { BadFlag } from '../platform/runtime/flags.ts'
import { UsageError } from '../simulator/usage-error.ts'

/** Says how far it is, with the seconds since the program began. */
export type Progress = (line: string) => void

export interface LongRun<Options> {
  /** As it is called on the command line. */
  readonly name: string
  readonly help: string
  /** @returns undefined where help is asked for @throws BadFlag */
  readonly readOptions: (args: readonly string[]) => Options | undefined
  /** @returns the exit code */
  readonly run: (options: Options, progress: Progress) => Promise<number>
}

/** The program of a run that takes minutes, from its command line to its end: 2 where that is not understood, in one line. */
export async function longRun<Options>({ name, help, readOptions, run }: LongRun<Options>): Promise<never> {
  const began = performance.now()
  const progress = (line: string): void => console.log(`${Math.round((performance.now() - began) / 1_000)} s: ${line}`)
  try {
    const options = readOptions(process.argv.slice(2))
    if (options !== undefined) process.exit(await run(options, progress))
    console.log(help)
    process.exit(0)
  } catch (error) {
    if (!(error instanceof BadFlag) && !(error instanceof UsageError)) throw error
    console.error(`${name}: ${error.message}`)
    process.exit(2)
  }
}
