import type { Services } from '../http/services.ts'
import type { ApprovalKind } from './approval.ts'

/** Kinds of one area. */
export type ApprovalKindMaker = (services: Services) => readonly ApprovalKind[]

const makers: ApprovalKindMaker[] = []
const made = new Map<ApprovalKindMaker, readonly ApprovalKind[]>()

/** An area tells what of it takes two persons. */
export function provideApprovalKinds(make: ApprovalKindMaker): void {
  if (!makers.includes(make)) makers.push(make)
}

/** All kinds that were told so far, by name: areas come after the routes. @throws Error where two have the same name */
export function providedKinds(services: Services): ReadonlyMap<string, ApprovalKind> {
  for (const make of makers) if (!made.has(make)) made.set(make, make(services))
  return kindsByName([...made.values()].flat())
}

/** @throws Error where two have the same name */
export function kindsByName(kinds: readonly ApprovalKind[]): ReadonlyMap<string, ApprovalKind> {
  const byName = new Map<string, ApprovalKind>()
  for (const kind of kinds) {
    if (byName.has(kind.kind)) throw new Error(`two kinds of approval are named ${kind.kind}`)
    byName.set(kind.kind, kind)
  }
  return byName
}
