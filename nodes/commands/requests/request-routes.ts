import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import { closed } from '../../../platform/http/schemas.ts'
import { commandTypes } from '../../../platform/wire/command.ts'
import { readingKinds } from '../../../platform/wire/reading.ts'
import { classOf, observations } from '../domain/classes.ts'
import { CapabilitiesSchema, CommandId, CommandSchema, PlanSchema, shownCommand, tag } from '../lists/command-fields.ts'
import { findCommand } from '../lists/command-repository.ts'
import { acceptCommand, type Accepting } from './accept.ts'
import { CommandRequest } from './command-request.ts'
import { dryRun } from './dry-run.ts'

const Class = Type.Object(
  {
    type: OneOf(commandTypes, 'What a device is told to do'),
    names: Type.Object({ en: Type.String(), pt: Type.String() }),
    kinds: Type.Array(OneOf(readingKinds, 'What can be told so')),
    args: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of its arguments' }),
    needsApproval: Type.Boolean({ description: 'Somebody else than its author must approve it' }),
    needsProof: Type.Boolean({ description: 'The password must be given again' }),
    needsSelect: Type.Boolean({ description: 'The device is armed first, where it can be' }),
    observation: Nullable(
      OneOf(observations, 'What shows its effect; null: it ends when the device says that it acted'),
    ),
    expiresAfterMs: Type.Integer({ description: 'Unless whoever asks says otherwise, ms' }),
    mostExpiresAfterMs: Type.Integer({ description: 'At most, ms' }),
    mostAttempts: Type.Integer({ description: 'To a device with a ledger; to others one' }),
    answerWithinMs: Type.Integer({ description: 'An answer to the first attempt is awaited so long, ms' }),
    verifyWithinMs: Type.Integer({ description: 'The effect is awaited so long, ms' }),
    supersedes: Type.Boolean({ description: 'A newer one takes the place of one that was not sent yet' }),
  },
  { $id: 'CommandClass' },
)

const proof = Type.String({
  ...{ minLength: 1, maxLength: 4_000 },
  description:
    'For classes that need one, of `POST /api/auth/proof`: for the action `command`, with the device as target and the `requestHash` of the dry run as bodyHash',
})
const Words = Type.Object({ en: Type.String(), pt: Type.String() })
const DryRunSchema = Type.Object(
  {
    requestHash: Type.String({ description: 'SHA-256 of the request as canonical JSON: a proof is bound to it' }),
    needsProof: Type.Boolean(),
    expiresAt: Instant('It would never be sent after this'),
    plan: PlanSchema,
    capabilities: CapabilitiesSchema,
    state: Nullable(OneOf(['pending_approval', 'queued'], 'Where it would begin; null: it would be refused')),
    refusal: Nullable(
      Type.Object({ code: Type.String(), detail: Type.String() }, { description: 'Why it would be refused' }),
    ),
    forbidden: Type.Array(Type.Object({ interlock: Type.String(), text: Words }), {
      description: 'Each tag and interlock that forbids it',
    }),
    waitsFor: Type.Array(CommandId, { description: 'Commands of the device that would be sent before' }),
    supersedes: Type.Array(CommandId, { description: 'Commands whose place it would take' }),
    affected: Type.Object(
      {
        units: Type.Integer({ description: 'Consumer units that would lose supply, or get it' }),
        sections: Type.Array(Type.Object({ sectionId: Type.String(), phases: Type.String(), units: Type.Integer() })),
      },
      { description: 'Whom it would concern as the network stands' },
    ),
  },
  { $id: 'CommandDryRun' },
)

/** Asking for commands. */
export const requestRoutes = (accepting: Accepting): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/commands',
    operationId: 'requestCommand',
    summary: 'Ask a device to act',
    description:
      'Accepted once for each key. What the class of the command asks for stands with it (`GET /api/commands/classes`); what would become of a request is said by the dry run. What is refused is no command, and is in the access log.',
    ...{ tag, right: 'operate' as const, refusesItself: true as const },
    body: Type.Object({ ...CommandRequest.properties, proof: Type.Optional(proof) }, { examples: [example] }),
    answers: {
      201: { description: 'It is accepted: it is sent, or waits for its approval', schema: CommandSchema },
      200: { description: 'It was accepted before, with the same key', schema: CommandSchema },
      404: { description: 'There is no such device' },
      409: { description: 'Something stands against it: `code` says what, `errors` name each interlock' },
    },
    async handle({ body: { proof, ...request }, identity, address }) {
      const requester = { identity, proof, address }
      const { commandId, isRepeated } = await acceptCommand(accepting, request, requester, platformClock.now())
      const {
        plan: _plan,
        capabilities: _capabilities,
        ...command
      } = (await findCommand(accepting.database, commandId))!
      return { status: isRepeated ? 200 : 201, body: shownCommand(command, identity) }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/commands/dry-run',
    operationId: 'dryRunCommand',
    summary: 'What would become of a request',
    description: 'Checks all that a request is checked for, and leaves no trace.',
    ...{ tag, right: 'operate' },
    body: Type.Object(CommandRequest.properties, { examples: [example] }),
    answers: {
      200: { description: 'What would become of it', schema: DryRunSchema },
      404: { description: 'There is no such device' },
    },
    async handle({ body, identity }) {
      const said = await dryRun(accepting.database, body, identity!, platformClock.now())
      return { body: { ...said, expiresAt: new Date(said.expiresAt).toISOString() } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/commands/classes',
    operationId: 'listCommandClasses',
    summary: 'What devices can be told to do, and what each takes',
    ...{ tag, right: 'read' },
    answers: { 200: { description: 'The classes', schema: Type.Object({ items: Type.Array(Class) }) } },
    async handle() {
      return { body: { items: commandTypes.map(classOf).map((of) => ({ ...of, args: closed(of.args) })) } }
    },
  }),
]

const example = { deviceId: 'meter-001', type: 'read_now', idempotencyKey: '2f6f0f3a-read-meter-001' }
