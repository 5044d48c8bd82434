import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform, type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { BadBackup, type Part } from './manifest.ts'

/** Told how many rows of a table have passed so far. */
export type Progress = (rows: number) => void

/** Writes what comes out of `source` as a gzipped part, and waits until it is on the disk. @returns the part, and its lines */
export async function writeRows(
  folder: string,
  file: string,
  source: Readable,
  progress: Progress,
): Promise<Part & { rows: number }> {
  const path = join(folder, file)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const lines = new LineCounter(progress)
  const print = new Fingerprint()
  await pipeline(source, lines, createGzip({ level: 4 }), print, createWriteStream(path, { mode: 0o600 }))
  await sync(path)
  return { file, ...print.result(), rows: lines.count }
}

/**
 * Reads a gzipped part into `target`.
 * @returns its lines
 * @throws BadBackup if it is not what was written; what was read until then has gone into `target` already
 */
export async function readRows(folder: string, part: Part, target: Writable, progress: Progress): Promise<number> {
  const path = join(folder, part.file)
  const lines = new LineCounter(progress)
  const print = new Fingerprint()
  try {
    await pipeline(createReadStream(path), print, createGunzip(), lines, target)
  } catch (error) {
    // What a changed byte unpacks to may be refused as a row before the file's end is reached, and its checksum known.
    if ((await checksumOf(path)) === part.sha256) throw error
    throw new BadBackup(`${path} is damaged: ${(error as Error).message}`)
  }
  if (print.result().sha256 !== part.sha256) throw new BadBackup(`${path} is damaged: its checksum does not fit`)
  return lines.count
}

async function checksumOf(path: string): Promise<string> {
  const print = new Fingerprint()
  await pipeline(createReadStream(path), print, async (chunks) => {
    for await (const _ of chunks) continue
  })
  return print.result().sha256
}

/** Writes a small part as it is. */
export async function writeFile(folder: string, file: string, content: Buffer): Promise<Part> {
  const path = join(folder, file)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const newline = 10

/** In COPY's text format a row is a line: line ends within values are escaped. */
class LineCounter extends Transform {
  count = 0
  readonly #progress: Progress

  constructor(progress: Progress) {
    super()
    this.#progress = progress
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) this.count++
    this.#progress(this.count)
    done(null, chunk)
  }
}

class Fingerprint extends Transform {
  #bytes = 0
  readonly #hash: Hash = createHash('sha256')
  #sha256: string | undefined

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#bytes += chunk.length
    this.#hash.update(chunk)
    done(null, chunk)
  }

  result(): { bytes: number; sha256: string } {
    this.#sha256 ??= this.#hash.digest('hex')
    return { bytes: this.#bytes, sha256: this.#sha256 }
  }
}
