import { BadObject, objectIdPattern, readGranted } from '../domain/openadr/objects.ts'
import { VtnFault, type VtnClient } from './vtn-client.ts'

/** An object as the VTN shows it, checked for nothing but its name. */
export interface SeenObject {
  readonly value: unknown
}

/** Targets that are asked by, at most. */
const mostTargets = 50
const objectId = new RegExp(objectIdPattern)

/**
 * Targets that the VTN has granted this client, by its own `ven` and `resource` objects (OpenADR 3.1.0, Definition, "Object Privacy");
 * one that keeps no such objects, or does not show them, grants none.
 */
export async function readTargets(client: VtnClient, signal: AbortSignal): Promise<string[]> {
  const targets = new Set<string>()
  for (const path of ['/vens', '/resources']) {
    for (const value of await listOrNothing(client, path, signal)) {
      try {
        for (const target of readGranted(value).targets ?? []) targets.add(target)
      } catch (error) {
        if (error instanceof BadObject) throw new VtnFault(`${path}: ${error.message}`)
        throw error
      }
    }
  }
  if (targets.size > mostTargets) throw new VtnFault(`/vens: more than ${mostTargets} targets cannot be asked by`)
  return [...targets].toSorted()
}

/**
 * All programs or events that this client may see, by their ids: those without targets, and those of each of its targets. Each target is
 * asked for by itself: filters are additive, and of an object only the targets asked for are shown ("Response Filtering").
 * @throws VtnFault where a list cannot be read to its end
 */
export async function visibleObjects(
  client: VtnClient,
  path: '/programs' | '/events',
  targets: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, SeenObject>> {
  const found = new Map<string, SeenObject>()
  for (const target of [undefined, ...targets]) {
    for (const value of await client.list(path, target === undefined ? [] : [['targets', target]], signal)) {
      const id = idOf(value)
      if (id === undefined) throw new VtnFault(`${path}: an object without an id`)
      found.set(id, { value: withTargetsOf(value, found.get(id)?.value) })
    }
  }
  return found
}

async function listOrNothing(client: VtnClient, path: string, signal: AbortSignal): Promise<unknown[]> {
  try {
    return await client.list(path, [], signal)
  } catch (error) {
    if (error instanceof VtnFault && (error.status === 403 || error.status === 404)) return []
    throw error
  }
}

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' && objectId.test(id) ? id : undefined
}

/** What one target showed of an object and what another did. */
function withTargetsOf(value: unknown, before: unknown): unknown {
  const [more, less] = [value, before].map((of) => (of as { targets?: unknown } | undefined)?.targets)
  if (!Array.isArray(less)) return value
  // Whether each is a text its schema says.
  const all = new Set<unknown>([...(less as unknown[]), ...(Array.isArray(more) ? (more as unknown[]) : [])])
  return { ...(value as object), targets: [...all] }
}
