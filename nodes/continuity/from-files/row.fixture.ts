import { Readable } from 'node:stream'

/** A file of these lines. */
export const fileOf = (...lines: readonly string[]): Readable => Readable.from([Buffer.from(`${lines.join('\n')}\n`)])
