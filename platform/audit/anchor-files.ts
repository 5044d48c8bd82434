import { type KeyObject, createPublicKey } from 'node:crypto'
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, syncDirectory, writeDurably } from '../runtime/durable-files.ts'
import { sha256Of } from '../storage/canonical-json.ts'
import { keyIdOf, noLine, parseAnchor, signAnchor, type AnchorKey } from './anchor.ts'
import type { Head } from './chain.ts'

/** A file a day and key, `<key>-2026-11-21.jsonl`, a line an anchor; and `<key>.pem`, the public key. */
const logName = /^([0-9a-f]{16})-\d{4}-\d{2}-\d{2}\.jsonl$/
const keyName = /^([0-9a-f]{16})\.pem$/

/** The lines of each key, oldest first. A folder that is not there has none. */
export async function readAnchorLines(folder: string): Promise<Map<string, string[]>> {
  const lines = new Map<string, string[]>()
  for (const name of (await filesIn(folder)).toSorted()) {
    const key = logName.exec(name)?.[1]
    if (key === undefined) continue
    const text = await readFile(join(folder, name), 'utf8')
    lines.set(key, [...(lines.get(key) ?? []), ...linesOf(text)])
  }
  return lines
}

/** The public keys that lie beside the anchors, by what anchors call them. @throws Error if a file is no key, or another one's */
export async function readAnchorKeys(folder: string): Promise<Map<string, KeyObject>> {
  const keys = new Map<string, KeyObject>()
  for (const name of await filesIn(folder)) {
    const key = keyName.exec(name)?.[1]
    if (key !== undefined) keys.set(key, await readPublicKey(join(folder, name)))
  }
  for (const [id, key] of keys) if (keyIdOf(key) !== id) throw new Error(`${join(folder, id)}.pem holds another key`)
  return keys
}

/** @throws Error if the file is no public key, PEM */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const text = await readFile(path, 'utf8')
  try {
    return createPublicKey(text)
  } catch (error) {
    throw new Error(`${path} is no public key (PEM)`, { cause: error })
  }
}

/** Adds anchors to a folder: one writer a key. Each is on the disk when it is there. */
export class AnchorLog {
  readonly #folder: string
  readonly #key: AnchorKey
  #previous: string | undefined
  #last: Head | undefined

  constructor(folder: string, key: AnchorKey) {
    this.#folder = folder
    this.#key = key
  }

  /** What was anchored last, by this key; undefined: nothing was. @throws Error of the system if it cannot be read */
  async last(): Promise<Head | undefined> {
    if (this.#previous === undefined) await this.#open()
    return this.#last
  }

  /** @param now UTC ms @throws Error of the system if it cannot be written */
  async append(kind: 'head' | 'restored', { seq, hash }: Head, now: number): Promise<void> {
    if (this.#previous === undefined) await this.#open()
    const at = new Date(now).toISOString()
    const line = signAnchor({ kind, seq, hash, at, previous: this.#previous! }, this.#key)
    // Should this fail, the line may be there all the same: the file says so the next time.
    this.#previous = undefined
    const file = await open(join(this.#folder, await this.#logOf(at)), 'a+', 0o644)
    try {
      const { size } = await file.stat()
      const { buffer } = await file.read(Buffer.alloc(1), 0, size === 0 ? 0 : 1, Math.max(size - 1, 0))
      // A crash may have left a part of a line.
      const isTorn = size > 0 && buffer.toString() !== '\n'
      await file.appendFile(`${isTorn ? '\n' : ''}${line}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await syncDirectory(this.#folder)
    this.#previous = sha256Of(line)
    this.#last = { seq, hash }
  }

  async #open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const pem = join(this.#folder, `${this.#key.id}.pem`)
    if ((await readIfThere(pem)) === undefined)
      await writeDurably(pem, this.#key.publicKey.export({ format: 'pem', type: 'spki' }).toString())
    let previous = noLine
    for (const name of (await this.#logs()).toReversed()) {
      const line = linesOf(await readFile(join(this.#folder, name), 'utf8')).findLast((each) => parseAnchor(each))
      if (line === undefined) continue
      const { seq, hash } = parseAnchor(line)!
      this.#last = { seq, hash }
      previous = sha256Of(line)
      break
    }
    this.#previous = previous
  }

  /** Of this day, or the last there is where the clock went back: lines stay in their order. */
  async #logOf(at: string): Promise<string> {
    const ofDay = `${this.#key.id}-${at.slice(0, 10)}.jsonl`
    const last = (await this.#logs()).at(-1)
    return last !== undefined && last > ofDay ? last : ofDay
  }

  async #logs(): Promise<string[]> {
    return (await filesIn(this.#folder)).filter((name) => logName.exec(name)?.[1] === this.#key.id).toSorted()
  }
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
