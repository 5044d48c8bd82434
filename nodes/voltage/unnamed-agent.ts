import { conflict } from '../../platform/http/problem.ts'
import { AgentUnknown, type DistributionAgent } from '../../platform/regulation/agent.ts'

/** @throws Problem 409 where nobody said which distributor this is */
export function namingAgent(agent: () => DistributionAgent): DistributionAgent {
  try {
    return agent()
  } catch (error) {
    if (error instanceof AgentUnknown) throw conflict(error.message)
    throw error
  }
}
