import { conflict } from '../http/problem.ts'
import type { Environment } from '../runtime/environment.ts'

/** The distributor, as its letters and its files for the regulator name it. */
export interface DistributionAgent {
  readonly name: string
  /** In the register of ANEEL (SigAgente). */
  readonly acronym: string
  /** 14 characters, without marks. */
  readonly cnpj: string
  /** How consumers reach it; null: as their bill says. */
  readonly contact: string | null
}

/** Stands where no paper may be taken for a real one; its CNPJ is none. */
const example = { AGENT_NAME: 'DISTRIBUIDORA DE EXEMPLO', AGENT_ACRONYM: 'EXEMPLO', AGENT_CNPJ: '00000000000000' }

type AgentVariable = keyof typeof example

/** @throws Problem 409 in production where a variable is not set: nobody said which distributor this is */
export function agentOf(
  environment: Pick<Environment, AgentVariable | 'AGENT_CONTACT' | 'NODE_ENV'>,
): DistributionAgent {
  const valueOf = (name: AgentVariable): string => {
    const value = environment[name]
    if (value !== undefined) return value
    if (environment.NODE_ENV === 'production')
      throw conflict(`${name} is not set: letters and official files name the distributor`)
    return example[name]
  }
  return {
    name: valueOf('AGENT_NAME'),
    acronym: valueOf('AGENT_ACRONYM'),
    cnpj: valueOf('AGENT_CNPJ'),
    contact: environment.AGENT_CONTACT ?? null,
  }
}
