import assert from 'node:assert/strict'
import { shareConsumption } from './consumption.ts'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder, CaseShed } from './problem.fixture.ts'
import { atRest } from './sharing.ts'
import { layOut } from './tree.ts'

function shared(feeders: CaseFeeder[], devices: Omit<CaseDevice, 'id' | 'feeder'>[], shed: CaseShed[] = []): number[] {
  const named = devices.map((device, at) => ({ id: `${at}`, feeder: 'F', ...device }))
  const sharing = atRest(layOut(problemOf(feeders, named, shed)))
  shareConsumption(sharing)
  return [...sharing.powers].map((kw) => Math.round(kw * 1e6) / 1e6)
}

describe('sharing of consumption', () => {
  const target: CaseShed = { id: 't', feeder: 'F', until: 3 }
  it('comes to contracts before shed targets, and to those before wishes', () =>
    assert.deepEqual(
      shared(
        [{ id: 'F', import: 9 }],
        [
          { kind: 'ev', until: 7, contracted: 5 },
          { kind: 'ev', until: 7 },
        ],
        [target],
      ),
      [5, 0],
    ))
  it('lets batteries discharge for a shed target that contracts leave no room for', () =>
    assert.deepEqual(
      shared(
        [{ id: 'F' }],
        [
          { kind: 'ev', until: 7, contracted: 5 },
          { kind: 'battery', from: -4, wanted: 0 },
        ],
        [target],
      ),
      [5, -2],
    ))
  it('lets no battery discharge for what is only wanted', () =>
    assert.deepEqual(
      shared(
        [{ id: 'F', import: 3 }],
        [
          { kind: 'ev', until: 7 },
          { kind: 'battery', from: -4, until: 4, wanted: 0 },
        ],
      ),
      [3, 0],
    ))
  it('gives who must stay on its least power first, and then no advantage', () =>
    assert.deepEqual(
      shared(
        [{ id: 'F', import: 6 }],
        [
          { kind: 'ev', until: 7, least: 1.4, held: 'on' },
          { kind: 'ev', until: 7 },
        ],
      ),
      [3, 3],
    ))
})
