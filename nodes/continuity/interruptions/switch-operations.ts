import type { PoolClient } from 'pg'
import { switchPositions } from '../domain/switch-positions.ts'
import { knownSwitches, writeOperations, type TouchedSwitch } from './operation-repository.ts'

/**
 * Works out again how switches stood, each from an instant on, from all that is stored of them.
 * @returns from when on it is not as was known, UTC milliseconds; null where it is
 */
export async function renewOperations(client: PoolClient, touched: readonly TouchedSwitch[]): Promise<number | null> {
  const known = await knownSwitches(client, touched)
  return writeOperations(
    client,
    known.map(({ switchId, from, before, evidence }) => ({
      ...{ switchId, from },
      positions: switchPositions(evidence, before),
    })),
  )
}
