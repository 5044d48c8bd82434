import { badField, Problem, titleOf } from '../http/problem.ts'
import { defineRoute, type ApiAnswer, type ApiRoute } from '../http/route.ts'
import { Clouds, Fault, type SimulationOrder, Simulator, StateOfCharge } from '../wire/simulation.ts'
import { NoSimulator, OrderRefused, type SimulatorClient, SimulatorUnreachable } from './simulator-client.ts'

/** Control of the simulated field, where there is one. */
export function simulationRoutes(client: SimulatorClient): readonly ApiRoute[] {
  const order = (order: SimulationOrder): Promise<ApiAnswer> => answerOf(() => client.order(order))
  return [
    defineRoute({
      ...common('GET', '', 'getSimulation', 'What the simulator is and does', 'The simulator'),
      handle: () => answerOf(() => client.simulator()),
    }),
    defineRoute({
      ...common('POST', '/start', 'startSimulation', 'Let all simulated devices report', 'They report'),
      handle: () => order({ action: 'start', parameters: {} }),
    }),
    defineRoute({
      ...common('POST', '/stop', 'stopSimulation', 'Let no simulated device report', 'All are offline'),
      description: 'The devices live on, and what they measure meanwhile is lost.',
      handle: () => order({ action: 'stop', parameters: {} }),
    }),
    defineRoute({
      ...common('POST', '/clouds', 'setSimulatedClouds', 'Cover the sky for a while', 'It is covered'),
      description: 'The same over every site; PV, panels and irradiance follow.',
      body: Clouds,
      handle: ({ body }) => order({ action: 'set_clouds', parameters: body }),
    }),
    defineRoute({
      ...common('DELETE', '/clouds', 'clearSimulatedClouds', 'Leave the sky to the weather again', 'It is'),
      handle: () => order({ action: 'clear_clouds', parameters: {} }),
    }),
    defineRoute({
      ...common('POST', '/soc', 'setSimulatedSoc', 'Set the charge of one battery, or of all', 'It is set'),
      body: StateOfCharge,
      handle: ({ body }) => order({ action: 'set_soc', parameters: body }),
    }),
    defineRoute({
      ...common('POST', '/faults', 'injectSimulatedFault', 'Let readings go wrong', 'The fault is in force'),
      description: 'Until its time or its count is over, or all faults are cleared.',
      body: Fault,
      handle: ({ body }) => order({ action: 'inject_fault', parameters: body }),
    }),
    defineRoute({
      ...common('DELETE', '/faults', 'clearSimulatedFaults', 'End all faults in force', 'None is in force'),
      description: 'Faults that a scenario brings later still come; readings that were held back are still sent.',
      handle: () => order({ action: 'clear_faults', parameters: {} }),
    }),
  ]
}

const common = (method: ApiRoute['method'], below: string, operationId: string, summary: string, done: string) => ({
  ...{ method, operationId, summary, tag: 'simulation', right: 'administer' as const },
  path: `/api/simulation${below}` as const,
  answers: {
    200: { description: `${done}: what the simulator is and does now`, schema: Simulator },
    404: { description: 'No simulator is connected' },
    503: { description: 'Broker or simulator did not answer in time, or the database is away' },
  },
})

async function answerOf(ask: () => Promise<Simulator>): Promise<ApiAnswer> {
  try {
    return { body: await ask() }
  } catch (error) {
    throw problemOf(error)
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof NoSimulator) return new Problem(404, titleOf(404), { detail: error.message })
  if (error instanceof SimulatorUnreachable)
    return new Problem(503, titleOf(503), { detail: error.message, cause: error })
  if (!(error instanceof OrderRefused)) return error
  const { field, value, problem } = error.refusal
  return badField(`body.${field}`, value, problem)
}
