import { Type } from '@sinclair/typebox'
import { IdentifierParameter, Instant, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { visitKinds } from './visit-repository.ts'

/** Sentences for persons. */
const Words = (description: string) => Type.Object({ en: Type.String(), pt: Type.String() }, { description })
const kwh = (description: string) => Type.Number({ description: `${description}, kWh` })
const brl = (description: string) => Nullable(Type.Number({ description: `${description}, R$; null: not known` }))
const day = Type.String({ format: 'date', description: 'Last civil day that it rests on', examples: ['2026-11-21'] })
const horizonDays = Type.Integer({ description: 'How far ahead it looks, days' })
const siteId = Nullable(Name('The site; null: a panel without a site', 'school-01'))
const days = (description: string) =>
  Nullable(Type.Integer({ description: `${description}; 0: it is there; null: not within the horizon` }))

export const PlantMaintenance = Type.Object(
  {
    siteId,
    panelId: Nullable(Name('The panel that stands alone; null: it is a site', 'panel-001')),
    day,
    madeAt: Instant('When it was made'),
    horizonDays,
    panels: Type.Integer({ description: 'Panels there are' }),
    duePanels: Type.Integer({
      description: 'Panels that fall to their threshold within the horizon, as likely as not',
    }),
    daysUntil: days('Until the first of them does'),
    lostKwh: kwh('Lost within the horizon if nobody comes'),
    lostBrl: brl('Its worth by the tariff of the site'),
    soilingKwh: kwh('What of it cleaning would end'),
    faultKwh: kwh('What of it a repair would end'),
    cleaningCostBrl: brl('Of cleaning the site once'),
    cleaningPays: Nullable(
      Type.Boolean({ description: 'Whether the loss that cleaning ends exceeds its cost; null: either is not known' }),
    ),
    avoidedBrl: brl('What a visit saves that repairs, and cleans where that pays, less what the cleaning costs'),
    advice: Words('What is to be done'),
  },
  { $id: 'PlantMaintenance' },
)

export const PanelMaintenance = Type.Object(
  {
    panelId: Name('The panel', 'panel-001'),
    siteId,
    day,
    days: Type.Integer({ description: 'Days that it rests on' }),
    ratio: Type.Number({ description: 'Temperature-corrected performance ratio, without the weather of single days' }),
    cleanRatio: Type.Number({ description: 'The same of the clean and sound panel' }),
    threshold: Type.Number({ description: 'Ratio at which a visit is due' }),
    slopePerDay: Type.Number({ description: 'How the ratio changes a day' }),
    daysUntil: days('Until the ratio falls to the threshold, as likely as not'),
    daysFrom: days('The same, with a chance of 5 %'),
    daysTo: days('The same, with a chance of 95 %'),
    chance: Type.Number({ description: 'Of falling to the threshold within the horizon, 0 to 1' }),
    horizonDays,
    lostUntilKwh: kwh('Lost until then if nobody comes, or within the horizon where it is never'),
    lostUntilBrl: brl('Its worth'),
    lostKwh: kwh('Lost within the horizon'),
    lostBrl: brl('Its worth'),
    soilingKwh: kwh('What of it cleaning would end'),
    faultKwh: kwh('What of it a repair would end'),
    cleaningPays: Nullable(
      Type.Boolean({ description: "Whether the loss that cleaning ends exceeds the panel's share of its cost" }),
    ),
    band: Type.Array(
      Type.Object({
        day: Type.Integer({ description: 'Days ahead' }),
        from: Type.Number({ description: 'The daily ratio lies above it with a chance of 95 %' }),
        median: Type.Number(),
        until: Type.Number({ description: 'It lies below with a chance of 95 %' }),
      }),
      { description: '90 % band of the daily ratio' },
    ),
    resets: Type.Array(
      Type.Object({
        day: Type.String({ format: 'date' }),
        cause: OneOf(['visit', 'recovery', 'fault'], 'A visit; a rise by itself, as of rain; a fall in one day'),
        step: Type.Number({ description: 'By how much the ratio jumped' }),
      }),
      { description: 'Where the ratio jumped, the last 30 times' },
    ),
    advice: Words('When it is due'),
  },
  { $id: 'PanelMaintenance' },
)

const what = OneOf(
  visitKinds,
  'inspection: changes nothing; cleaning, repair: the trend begins anew; replacement: the history does',
)

export const VisitSchema = Type.Object(
  {
    visitId: Type.Integer(),
    siteId,
    panelId: Nullable(Name('Null: all panels of the site', 'panel-001')),
    what,
    doneAt: Instant('When it was done'),
    doneBy: Type.String({ description: 'Who was there' }),
    note: Nullable(Type.String()),
    notedBy: Type.String({ description: 'User who noted it' }),
    notedAt: Instant('When, by the wall'),
  },
  { $id: 'MaintenanceVisit' },
)

export const WantedVisit = Type.Object(
  {
    siteId: Type.Optional(IdentifierParameter('The site: all its panels, unless one is named', 'school-01')),
    panelId: Type.Optional(IdentifierParameter('One panel', 'panel-001')),
    what,
    doneAt: Type.Optional(Instant('When it was done; now unless given')),
    doneBy: Type.Optional(
      Type.String({ ...Text(200, 'Who was there; whoever notes it unless given'), examples: ['Field team 2'] }),
    ),
    note: Type.Optional(
      Type.String({ ...Text(1_000, 'What was found'), examples: ['Bird droppings on the lower row'] }),
    ),
  },
  { examples: [{ panelId: 'panel-001', what: 'cleaning', doneBy: 'Field team 2' }] },
)
