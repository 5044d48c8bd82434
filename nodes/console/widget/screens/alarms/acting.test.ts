import assert from 'node:assert/strict'
import { Api } from '../../connection/api.ts'
import { actionsIn, actOn, mostAtOnce, needsReason, rightFor } from './acting.ts'

interface Sent {
  readonly path: string
  readonly body: { readonly alarms?: readonly object[] }
}

describe('acting on alarms', () => {
  let sent: Sent[]
  let answer: (body: Sent['body']) => Response
  const api = new Api({
    async fetch(path, { body }) {
      const asked = { path, body: JSON.parse(body as string) as Sent['body'] }
      sent.push(asked)
      return answer(asked.body)
    },
    cookies: () => '',
  })
  const done = { alarmId: 7, outcome: 'done', code: null, problem: null } as const
  beforeEach(() => {
    sent = []
    answer = () => Response.json(done)
  })

  it('names the occurrence that was seen where it is acknowledged or reset, and nowhere else', async () => {
    const seen = { alarmId: 7, occurrence: 3 }
    assert.deepEqual(await actOn(api, 'acknowledge', [seen]), [done])
    await actOn(api, 'shelve', [seen], { minutes: 60, reason: 'works' })
    assert.deepEqual(sent, [
      { path: '/api/alarms/7/acknowledge', body: { occurrence: 3 } },
      { path: '/api/alarms/7/shelve', body: { minutes: 60, reason: 'works' } },
    ])
  })

  it('tells what was refused, and why, as a bulk does', async () => {
    const problem = { code: 'stale-occurrence', detail: 'occurrence 4 stands' }
    answer = () => Response.json(problem, { status: 409 })
    assert.deepEqual(await actOn(api, 'acknowledge', [{ alarmId: 7, occurrence: 3 }]), [
      { alarmId: 7, outcome: 'refused', code: 'stale-occurrence', problem: 'occurrence 4 stands' },
    ])
    answer = () => Response.json({ detail: 'body.reason is missing' }, { status: 400 })
    await assert.rejects(actOn(api, 'comment', [{ alarmId: 7, occurrence: 3 }]), { name: 'ApiFault', status: 400 })
  })

  it('acts on many in as few requests as the API takes, each with its outcome', async () => {
    const many = Array.from({ length: mostAtOnce + 1 }, (_, alarmId) => ({ alarmId, occurrence: 1, state: 'B' }))
    answer = ({ alarms }) => Response.json({ outcomes: alarms!.map((each) => ({ ...done, ...each })) })
    const outcomes = await actOn(api, 'acknowledge', many, { reason: 'storm' })
    assert.deepEqual(
      outcomes.map(({ alarmId }) => alarmId),
      many.map(({ alarmId }) => alarmId),
    )
    assert.deepEqual(
      sent.map(({ path, body }) => [path, body.alarms!.length]),
      [
        ['/api/alarms/actions', mostAtOnce],
        ['/api/alarms/actions', 1],
      ],
    )
    assert.deepEqual(sent[1]!.body, {
      action: 'acknowledge',
      reason: 'storm',
      alarms: [{ alarmId: mostAtOnce, occurrence: 1 }],
    })
  })

  it('is possible by the state, and takes words and rights by the action', () => {
    assert.deepEqual(actionsIn('B'), ['acknowledge', 'comment', 'shelve', 'take-out'])
    assert.deepEqual(actionsIn('F'), ['comment', 'shelve', 'reset', 'take-out'])
    assert.deepEqual(actionsIn('G'), ['comment', 'shelve', 'unshelve', 'take-out'])
    assert.deepEqual(actionsIn('I'), ['comment', 'return'])
    assert.deepEqual(actionsIn('A'), ['comment', 'take-out'])
    assert.deepEqual([needsReason('acknowledge', 1), needsReason('acknowledge', 2), needsReason('shelve', 1)], [false, true, true]) // prettier-ignore
    assert.deepEqual([rightFor('shelve'), rightFor('take-out')], ['operate', 'configure-alarms'])
  })
})
