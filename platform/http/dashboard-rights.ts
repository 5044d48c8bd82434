import { may, type Identity } from '../access/identity.ts'
import { isRight, type Right } from '../access/roles.ts'

/** A page, group or widget, as far as it says who may see it and send by it: in its field "Class". */
interface Classed {
  readonly className?: unknown
}

/** What Dashboard holds of a widget. */
export interface Widget {
  readonly type: string
  readonly props: Classed & { readonly group?: unknown; readonly page?: unknown }
  readonly hooks?: { readonly onSocket?: Readonly<Record<string, unknown>> }
}

/** What a dashboard shows, as its base node (`ui-base`) holds it, by id. */
export interface Shown {
  readonly pages: ReadonlyMap<string, Classed>
  readonly groups: ReadonlyMap<string, Classed & { readonly page?: unknown }>
  readonly widgets: ReadonlyMap<string, Widget>
}

/** Sent by pages of Dashboard without anybody's doing: that a viewer's is not heard is nothing to report. */
const sentByPages: ReadonlySet<string> = new Set(['ui-event', 'ui-control'])
const sends: ReadonlySet<string> = new Set(['widget-action', 'widget-change', 'widget-send'])

/** Whether what a browser sent goes on, and if not why; without a reason it is dropped in silence. */
export type Verdict = { readonly passes: true } | { readonly passes: false; readonly why?: string }

const passes: Verdict = { passes: true }
const refused = (why: string): Verdict => ({ passes: false, why })

/**
 * Judges what a browser says on the dashboard's socket. Reading needs the rights by which a widget, its group and its
 * page are seen (class `see-<right>`; any user unless set); sending needs these and the widget's own (class
 * `send-<right>`; `operate` unless set).
 * @param event  the name of the socket's event
 * @param id     what it is about: the id of a widget, or whatever else was sent there
 */
export function judge(shown: Shown, identity: Identity, event: string, id: unknown): Verdict {
  const isSend = sends.has(event)
  const isCustom = !isSend && [...shown.widgets.values()].some((widget) => hears(widget, event))
  if (!isSend && !isCustom && event !== 'widget-load') return refused('no event of a dashboard')
  if (isCustom && id === 'all') return everyWidget(shown, identity, event)
  if (typeof id !== 'string') return refused('names no widget')
  const widget = shown.widgets.get(id)
  // Dashboard's own page has some that no node stands behind, and asks for their state.
  if (!widget && event === 'widget-load' && /^ui-[\w-]+$/.test(id)) return passes
  if (!widget) return refused('is no widget of a dashboard')
  if (isCustom && !hears(widget, event)) return refused(`does not hear ${event}`)
  if (!mayAll(identity, seeingRights(shown, widget))) return refused(`${identity.role} may not see it`)
  return event === 'widget-load' ? passes : sendingVerdict(identity, widget, event)
}

/** Whether somebody is shown a widget; one that no dashboard has is nobody's. */
export function maySeeWidget(shown: Shown, identity: Identity, id: string): boolean {
  const widget = shown.widgets.get(id)
  return widget !== undefined && mayAll(identity, seeingRights(shown, widget))
}

/** What of a dashboard's configuration somebody gets. */
export function visibleOf<
  C extends {
    /** The bases, as they were edited; Node-RED adds who uses them. */
    dashboards: Record<string, object>
    pages: Record<string, Classed>
    groups: Record<string, Classed & { page?: unknown }>
    widgets: Record<string, Widget>
  },
>(config: C, identity: Identity): C {
  const shown: Shown = {
    pages: new Map(Object.entries(config.pages)),
    groups: new Map(Object.entries(config.groups)),
    widgets: new Map(Object.entries(config.widgets)),
  }
  const kept = <T>(entries: Record<string, T>, rightsOf: (entry: T) => Needed[]): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).filter(([, entry]) => mayAll(identity, rightsOf(entry))))
  const withoutUsers = (base: object): object =>
    Object.fromEntries(Object.entries(base).filter(([name]) => name !== '_users'))
  return {
    ...config,
    dashboards: Object.fromEntries(Object.entries(config.dashboards).map(([id, base]) => [id, withoutUsers(base)])),
    pages: kept(config.pages, (page) => rightsIn(page, 'see')),
    groups: kept(config.groups, (group) => [
      ...rightsIn(group, 'see'),
      ...rightsIn(shown.pages.get(String(group.page)), 'see'),
    ]),
    widgets: kept(config.widgets, (widget) => seeingRights(shown, widget)),
  }
}

/** A right, or undefined for a word that is none: nobody has that. */
type Needed = Right | undefined

function seeingRights(shown: Shown, { props }: Widget): Needed[] {
  const group = shown.groups.get(String(props.group))
  const page = shown.pages.get(String(group?.page ?? props.page))
  return [props, group, page].flatMap((part) => rightsIn(part, 'see'))
}

function rightsIn(part: Classed | undefined, word: 'see' | 'send'): Needed[] {
  const classes = typeof part?.className === 'string' ? part.className.split(/\s+/) : []
  return classes
    .filter((name) => name.startsWith(`${word}-`))
    .map((name) => name.slice(word.length + 1))
    .map((right) => (isRight(right) ? right : undefined))
}

const mayAll = (identity: Identity, rights: readonly Needed[]): boolean =>
  rights.every((right) => right !== undefined && may(identity, right))

function sendingVerdict(identity: Identity, widget: Widget, event: string): Verdict {
  const declared = rightsIn(widget.props, 'send')
  if (mayAll(identity, declared.length > 0 ? declared : ['operate'])) return passes
  return sentByPages.has(event) ? { passes: false } : refused(`${identity.role} may not send by it`)
}

/** `ui-event` goes to all of its kind at once. */
function everyWidget(shown: Shown, identity: Identity, event: string): Verdict {
  const verdicts = [...shown.widgets]
    .filter(([, widget]) => hears(widget, event))
    .map(([id]) => judge(shown, identity, event, id))
  return verdicts.find((verdict) => !verdict.passes) ?? passes
}

const hears = ({ hooks }: Widget, event: string): boolean =>
  event !== 'connection' &&
  event !== 'disconnect' &&
  hooks?.onSocket !== undefined &&
  Object.hasOwn(hooks.onSocket, event)
