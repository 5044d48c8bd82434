import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installation } from '../../platform/runtime/installation.ts'

const folder = join(installation, 'nodes', 'voltage', 'golden')
const made = join(installation, 'dist', 'nodes', 'voltage', 'golden')

/** @throws Error where the file that was agreed on has other bytes, and says where the new one can be looked at */
export function checkGolden(name: string, bytes: Uint8Array): void {
  const agreed = readIf(join(folder, name))
  if (agreed && Buffer.compare(agreed, bytes) === 0) return
  mkdirSync(made, { recursive: true })
  writeFileSync(join(made, name), bytes)
  const why = agreed ? `differs from byte ${firstDifference(agreed, bytes)} on` : 'is not there'
  throw new Error(`nodes/voltage/golden/${name} ${why}: look at ${join(made, name)}, and copy it if it is right`)
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
