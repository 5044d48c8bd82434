import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file's content, or undefined if there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a file and waits until it is on the disk. Not atomic: see `replaceDurably`. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(content, 'utf8')
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Replaces a file as a whole: a crash leaves the old content or the new, never a part. */
export async function replaceDurably(path: string, content: string): Promise<void> {
  await writeDurably(`${path}.new`, content)
  await rename(`${path}.new`, path)
  await syncDirectory(dirname(path))
}

/** Makes renames and deletions in a directory durable. Windows cannot, and does not need it. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

export const fingerprint = (content: string): string => createHash('sha256').update(content).digest('hex')
