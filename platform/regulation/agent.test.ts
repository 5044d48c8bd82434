import assert from 'node:assert/strict'
import { Problem } from '../http/problem.ts'
import { EnvironmentError, readEnvironment } from '../runtime/environment.ts'
import { agentOf } from './agent.ts'

const set = {
  AGENT_NAME: 'Distribuidora São João S.A.',
  AGENT_ACRONYM: 'DSJ',
  AGENT_CNPJ: '12.abc.345/01de-35',
  AGENT_CONTACT: '0800 000 0000',
}

describe('the distributor', () => {
  it('is the one that the environment names', () =>
    assert.deepEqual(agentOf(readEnvironment(set)), {
      ...{ name: 'Distribuidora São João S.A.', acronym: 'DSJ', cnpj: '12ABC34501DE35', contact: '0800 000 0000' },
    }))

  it('is plainly an example where nobody names one, and no CNPJ is anybody’s', () =>
    assert.deepEqual(agentOf(readEnvironment({})), {
      ...{ name: 'DISTRIBUIDORA DE EXEMPLO', acronym: 'EXEMPLO', cnpj: '00000000000000', contact: null },
    }))

  it('has no example in production', () => {
    const production = { ...readEnvironment({ ...set, AGENT_CNPJ: '' }), NODE_ENV: 'production' as const }
    assert.throws(
      () => agentOf(production),
      (error) => error instanceof Problem && error.status === 409 && /AGENT_CNPJ is not set/.test(error.message),
    )
  })

  it('with a wrong check digit stops the start', () =>
    assert.throws(
      () => readEnvironment({ AGENT_CNPJ: '11222333000182' }),
      (error) => error instanceof EnvironmentError && /AGENT_CNPJ .*check digits/.test(error.message),
    ))
})
