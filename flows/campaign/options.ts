import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'

/** A rule that can be broken on purpose, to see that the checks find out. */
export const breakable = ['ledger', 'deduplication'] as const
export type Breakable = (typeof breakable)[number]

export interface Options {
  readonly seed: number
  readonly commands: number
  readonly devices: number
  readonly broken: Breakable | undefined
  /** File for all that was seen, as JSON. */
  readonly json: string | undefined
  /** File for what the parts write. */
  readonly log: string | undefined
}

export const help = `npm run campaign -- [options]

  Starts Linha Viva on free ports, and commands to devices that count their effects, while Node-RED and PostgreSQL are killed, the
  broker restarts, messages are dropped, doubled, delayed and reordered, devices reboot and clocks are wrong. Then all of it heals,
  and every rule of commands is checked. Prints the counts; exits with 1 where a rule was broken. Uses mosquitto where it is installed.

  --seed <n>        what happens is drawn from it (1 unless given; how things meet in time is the machine's)
  --commands <n>    commands that are accepted, at least (2000); below 500 less breaks: about a minute
  --devices <n>     devices that count (50; 24 below 500 commands)
  --break <rule>    breaks a rule on purpose, and so must end with 1: ${breakable.join(', ')}
  --json <file>     writes all that was seen there
  --log <file>      writes there what Node-RED, PostgreSQL and the broker write
`

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws BadFlag
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const string = { type: 'string' } as const
  const known = {
    seed: string,
    commands: string,
    devices: string,
    break: string,
    json: string,
    log: string,
    help: { type: 'boolean', short: 'h' },
  } as const
  const { flags, words } = readCommandLine(args, known)
  refuseWords(words)
  if (flags.has('help')) return undefined
  const commands = wholeNumber('commands', flags.get('commands'), 1, 1_000_000) ?? 2_000
  return {
    seed: wholeNumber('seed', flags.get('seed'), 0, 2 ** 31 - 1) ?? 1,
    commands,
    devices: wholeNumber('devices', flags.get('devices'), 3, 500) ?? (commands < 500 ? 24 : 50),
    broken: brokenOf(flags.get('break')),
    json: flags.get('json'),
    log: flags.get('log'),
  }
}

function wholeNumber(flag: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new BadFlag(`--${flag} takes a whole number from ${least} to ${most}, got "${text}"`)
  return number
}

function brokenOf(text: string | undefined): Breakable | undefined {
  const broken = breakable.find((rule) => rule === text)
  if (text !== undefined && !broken) throw new BadFlag(`--break takes ${breakable.join(' or ')}, got "${text}"`)
  return broken
}
