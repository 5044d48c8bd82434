import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { OneOf } from '../../../platform/http/fields.ts'
import { defineRoute, type ApiAnswer, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import { CommandId, CommandSchema, shownCommand, tag } from '../lists/command-fields.ts'
import { findCommand } from '../lists/command-repository.ts'
import {
  approveCommand,
  cancelCommand,
  rejectCommand,
  releaseCommand,
  releases,
  type Decider,
  type Deciding,
} from './decide.ts'

const params = Type.Object({ commandId: CommandId })
const reason = Type.String({
  ...{ minLength: 1, maxLength: 1_000, pattern: '\\S', examples: ['The crew is still at work'] },
  description: 'Why',
})
const answers = {
  200: { description: 'It is done', schema: CommandSchema },
  409: { description: 'Where it stands is against it: `code` says why' },
}

/** What persons decide on commands that are there. */
export const decisionRoutes = (deciding: Deciding): readonly ApiRoute[] => {
  const now = () => platformClock.now()
  /** The command as it stands after it. */
  const after = async (
    request: Request,
    decided: (commandId: string, by: Decider) => Promise<void>,
  ): Promise<ApiAnswer> => {
    const { identity, address, params } = request
    await decided(params.commandId, { identity: identity!, address })
    const {
      plan: _plan,
      capabilities: _capabilities,
      ...command
    } = (await findCommand(deciding.database, params.commandId))!
    return { body: shownCommand(command, identity) }
  }
  return [
    defineRoute({
      ...{ method: 'POST', path: '/api/commands/{commandId}/approve', operationId: 'approveCommand', tag },
      ...{ right: 'approve', refusesItself: true, params, answers },
      summary: 'Let a command be sent that another one asked for',
      description:
        'Whoever asked for it cannot. Tags and interlocks are checked again, and once more before it is sent.',
      body: Type.Object({
        bodyHash: Type.String({
          ...{
            pattern: '^[0-9a-f]{64}$',
            description: 'Of the command, as it was shown: what is approved is what was seen',
          },
        }),
      }),
      handle: (request) =>
        after(request, (commandId, by) => approveCommand(deciding, commandId, request.body.bodyHash, by)),
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/commands/{commandId}/reject', operationId: 'rejectCommand', tag },
      ...{ right: 'approve', refusesItself: true, params, answers },
      summary: 'Decide that a command is not sent',
      body: Type.Object({ reason }),
      handle: (request) =>
        after(request, (commandId, by) => rejectCommand(deciding, commandId, request.body.reason, by)),
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/commands/{commandId}/cancel', operationId: 'cancelCommand', tag },
      ...{ right: 'operate', refusesItself: true, params, answers },
      summary: 'Take a command back that was not sent yet',
      description:
        'What was sent is not taken back: the device may have acted. To take back what another one asked for and nobody has approved is to reject it, which takes the right approve.',
      body: Type.Object({ reason }),
      handle: (request) =>
        after(request, (commandId, by) => cancelCommand(deciding, commandId, request.body.reason, by, now())),
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/commands/{commandId}/release', operationId: 'releaseCommand', tag },
      ...{ right: 'approve', refusesItself: true, params, answers },
      summary: 'End the doubt about a command, and give its device free',
      description:
        'For one that is `unknown`, or comes from a backup: somebody has looked, and says whether it was done. What comes from a backup may be sent after all, too.',
      body: Type.Object({
        as: OneOf(releases, '`done` or `not_done`: that is what was found; `send`: what comes from a backup is sent'),
        reason,
      }),
      handle: (request) =>
        after(request, (commandId, by) => releaseCommand(deciding, commandId, request.body, by, now())),
    }),
  ]
}

type Request = ApiRequest<{ readonly commandId: string }>
