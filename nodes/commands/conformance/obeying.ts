import { randomUUID } from 'node:crypto'
import type { CommandAck, CommandMessage } from '../../../platform/wire/command.ts'
import type { Answers, Conversation } from './conversation.ts'
import { cannot, ok, untried, wrong, type Finding } from './finding.ts'

/** IEC 61850-7-2: the one who asks may not. */
const noAuthority = 20

/** What is found of a command that is to be done: the first thing that is tried, and what all else rests on. */
export async function operate(talk: Conversation): Promise<Finding[]> {
  const unsigned = await tellFirst(talk)
  if (!wantsSignature(unsigned)) return [done('command', unsigned), cannot('signature', 'it obeys what is not signed')]
  if (!talk.options.sign)
    return [
      untried('command', 'it obeys nothing that is not signed, and its key is not known here'),
      ok('signature', 'refuses what is not signed'),
    ]
  talk.isSigned = true
  const signed = await tellFirst(talk)
  return [done('command', signed), await wrongSignature(talk)]
}

/** What stands so already refuses to move: of two commands it is then told the other. */
async function tellFirst(talk: Conversation): Promise<Answers> {
  const answers = await talk.tell(await talk.fresh())
  if (answers.final?.status !== 'rejected' || wantsSignature(answers) || talk.options.commands.length < 2)
    return answers
  talk.turn()
  return talk.tell(await talk.fresh())
}

const wantsSignature = ({ final }: Answers): boolean => final?.status === 'rejected' && final.add_cause === noAuthority

async function wrongSignature(talk: Conversation): Promise<Finding> {
  const check = 'signature'
  talk.isSigned = false
  const message = {
    ...talk.options.sign!(await talk.fresh()),
    expires_at: new Date(talk.options.now() + 90_000).toISOString(),
  }
  const { final } = await talk.tell(message)
  talk.isSigned = true
  return refuses(final)
    ? ok(check, 'refuses what is not signed, and what was changed after it was signed')
    : wrong(check, `obeys what was changed after it was signed: ${saidOf(final)}`)
}

/** Repetition and questions: what only a device with a ledger can answer. */
export async function ledger(talk: Conversation): Promise<Finding[]> {
  const check = 'ledger'
  const first = await talk.fresh()
  const { final } = await talk.tell(first)
  if (final?.status !== 'executed') return [untried(check, `what it should remember is ${saidOf(final)}`)]
  const other = await talk.fresh()
  await talk.tell(other)
  const again = await talk.tell(first)
  if (again.acks.some(({ status }) => status === 'accepted'))
    return [cannot(check, 'a command that comes again is done again')]
  if (again.final?.status !== 'executed')
    return [
      cannot(check, `a command that comes again is ${saidOf(again.final)}, and not answered with what became of it`),
    ]
  const findings = [ok(check, 'a command that comes again is answered with what became of it, and not done')]
  const known = await talk.tell({ ...first, phase: 'query' })
  findings.push(
    known.final?.status === 'executed'
      ? ok('query', 'says what became of a command')
      : wrong('query', `asked what became of a command that it has done: ${saidOf(known.final)}`),
  )
  return [...findings, await unknownQuery(talk), await oldNumber(talk, first)]
}

/** What it is asked about and does not know it never does. */
async function unknownQuery(talk: Conversation): Promise<Finding> {
  const check = 'not done'
  const never = await talk.fresh()
  const asked = await talk.tell({ ...never, phase: 'query' })
  if (asked.final?.status !== 'not_done')
    return wrong(check, `asked about a command that it never got: ${saidOf(asked.final)} in place of not_done`)
  const late = await talk.tell(never)
  return done(check, late).verdict === 'ok' || late.acks.some(({ status }) => status === 'accepted')
    ? wrong(check, 'a command that it said to be not done is done when it comes late')
    : ok(check, 'what it said to be not done is not done when it comes late')
}

async function oldNumber(talk: Conversation, earlier: CommandMessage): Promise<Finding> {
  const check = 'control number'
  const { final } = await talk.tell(await talk.fresh({ control_number: earlier.control_number }))
  return refuses(final)
    ? ok(check, 'a command with an old one is refused')
    : wrong(check, `a command with an old one: ${saidOf(final)}`)
}

/** What comes too late, and what does not. */
export async function expiry(talk: Conversation): Promise<Finding> {
  const check = 'expiry'
  const { now } = talk.options
  const at = (ms: number) => ({ expires_at: new Date(now() + ms).toISOString() })
  const late = await talk.tell(await talk.fresh(at(-10_000)))
  if (late.final?.status === 'executed') return cannot(check, 'does what came ten seconds too late')
  if (late.final?.status !== 'expired')
    return wrong(check, `what came too late: ${saidOf(late.final)} in place of expired`)
  const inTime = await talk.tell(await talk.fresh(at(15_000)))
  return inTime.final?.status === 'executed'
    ? ok(check, 'refuses what comes too late, and does what is good for fifteen seconds')
    : wrong(check, `what is good for fifteen seconds: ${saidOf(inTime.final)}`)
}

/** Armed for one command, and for nothing else. */
export async function select(talk: Conversation): Promise<Finding> {
  const check = 'select'
  const chosen = await talk.fresh()
  const selected = await talk.tell({ ...chosen, phase: 'select' })
  if (selected.final?.status === 'rejected') return cannot(check, `cannot be selected: ${saidOf(selected.final)}`)
  if (selected.final?.status !== 'selected') return wrong(check, `selected, it says: ${saidOf(selected.final)}`)
  const changed = await talk.tell({ ...chosen, args: { ...chosen.args, conformance: 1 } })
  if (!refuses(changed.final))
    return wrong(check, `does something else than it was selected for: ${saidOf(changed.final)}`)
  const again = await talk.fresh()
  await talk.tell({ ...again, phase: 'select' })
  const { final } = await talk.tell(again)
  return final?.status === 'executed'
    ? ok(check, 'does what it was selected for, and refuses anything else')
    : wrong(check, `what it was selected for: ${saidOf(final)}`)
}

/** What it has nothing to do with, and what is no command. */
export async function refusal(talk: Conversation): Promise<Finding[]> {
  const foreign = await talk.tell(await talk.fresh({ type: talk.foreignType(), args: {} }))
  await talk.tellRaw('{"command_id":')
  await talk.tellRaw(JSON.stringify({ command_id: randomUUID(), phase: 'operate' }))
  const after = await talk.tell(await talk.fresh())
  return [
    foreign.final?.status === 'rejected'
      ? ok('refusal', `refuses ${talk.foreignType()}, and says so`)
      : wrong('refusal', `told to ${talk.foreignType()}: ${saidOf(foreign.final)}`),
    after.final?.status === 'executed'
      ? ok('garbage', 'does what it is told after messages that are no commands')
      : wrong('garbage', `after messages that are no commands: ${saidOf(after.final)}`),
  ]
}

/** Of a command that is to be done. */
function done(check: string, { final, faults, acks }: Answers): Finding {
  if (final?.status !== 'executed') return wrong(check, saidOf(final))
  if (faults.length > 0) return wrong(check, `of the answer, ${faults.join('; ')}`)
  return ok(check, acks.map(({ status }) => status).join(', then '))
}

const refuses = (final: CommandAck | undefined): boolean => final?.status === 'rejected' || final?.status === 'expired'

function saidOf(final: CommandAck | undefined): string {
  if (!final) return 'no answer'
  const { status, reason, add_cause } = final
  const cause = add_cause === undefined ? '' : ` (AddCause ${add_cause})`
  return reason === undefined ? `${status}${cause}` : `${status}${cause}, ${reason}`
}
