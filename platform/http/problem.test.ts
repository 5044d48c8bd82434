import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { badField, conflict, faultOf, notFound, Problem, problemSchema } from './problem.ts'
import { answerCheck } from './request-check.ts'

describe('a problem', () => {
  const check = answerCheck(problemSchema)

  it('is what RFC 9457 says, and what the document says of it', () => {
    for (const problem of [
      new Problem(401),
      new Problem(500, 'Internal error', { reference: 'r-1' }),
      badField('query.limit', 0, 'must be 1 or more'),
      notFound('device', 'path.deviceId', 'd-1'),
      conflict('it is taken'),
    ])
      assert.equal(check(JSON.parse(JSON.stringify(problem))), undefined)
    assert.deepEqual(new Problem(404).toJSON(), {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'Not found',
    })
  })

  it('says in a sentence which field is wrong, what stood there and what it must be', () => {
    assert.equal(badField('query.limit', 0, 'must be 1 or more').message, 'query.limit is 0: it must be 1 or more')
    assert.equal(notFound('device', 'path.deviceId', 'd-1').message, 'no device "d-1"')
  })

  it('shows no secret, nothing long, and nothing with parts', () => {
    for (const field of [
      'body.password',
      'body.newPassword',
      'body.refreshToken',
      'query.secret',
      'body.users.0.password',
    ])
      assert.ok(!('value' in faultOf(field, 'hunter2', 'is wrong')), field)
    assert.ok(!('value' in faultOf('body', { password: 'hunter2' }, 'is wrong')))
    assert.equal(String(faultOf('body.name', 'a'.repeat(1_000), 'is wrong').value).length, 81)
    assert.equal(faultOf('body.name', `${'a'.repeat(79)}😀`, 'is wrong').value, `${'a'.repeat(79)}\ufffd…`)
  })
})
