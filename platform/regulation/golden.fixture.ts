import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installation } from '../runtime/installation.ts'

/**
 * Compares bytes with the file of an area that was agreed on.
 * @throws Error where it has other bytes, and says where the new one can be looked at
 */
export function checkGolden(area: 'voltage' | 'continuity', name: string, bytes: Uint8Array): void {
  const folder = join('nodes', area, 'golden')
  const made = join(installation, 'dist', folder)
  const agreed = readIf(join(installation, folder, name))
  if (agreed && Buffer.compare(agreed, bytes) === 0) return
  mkdirSync(made, { recursive: true })
  writeFileSync(join(made, name), bytes)
  const why = agreed ? `differs from byte ${firstDifference(agreed, bytes)} on` : 'is not there'
  throw new Error(`${folder}/${name} ${why}: look at ${join(made, name)}, and copy it if it is right`)
}

function readIf(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index])
  return at < 0 ? one.length : at
}
