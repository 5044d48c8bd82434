/** What a tag says of the equipment that it hangs on. */
export const tagKinds = ['work_permit', 'hot_line', 'do_not_operate', 'reclose_blocked'] as const
export type TagKind = (typeof tagKinds)[number]

export const equipmentKinds = ['section', 'switch', 'earth_switch', 'source', 'transformer', 'device'] as const
export type EquipmentKind = (typeof equipmentKinds)[number]

/** Something that a tag hangs on, by the name that the network or the registry knows it by. */
export interface Equipment {
  readonly kind: EquipmentKind
  readonly id: string
}

/** A tag as it hangs. Instants are UTC milliseconds of the wall's clock. */
export interface Tag {
  readonly tagId: number
  readonly kind: TagKind
  readonly equipment: Equipment
  /** Of the permit, or of whatever paper stands behind it. */
  readonly document: string | null
  readonly reason: string
  readonly ownerId: number
  readonly owner: string
  readonly placedAt: number
}

/** A tag with the sections that it is about: its own, or those that the equipment joins or hangs on. */
export interface PlacedTag extends Tag {
  readonly sectionIds: readonly string[]
}

const words: Readonly<Record<TagKind, { readonly en: string; readonly pt: string }>> = {
  work_permit: { en: 'work permit', pt: 'permissão de trabalho' },
  hot_line: { en: 'hot line', pt: 'linha viva' },
  do_not_operate: { en: 'do not operate', pt: 'não opere' },
  reclose_blocked: { en: 'reclose blocked', pt: 'religamento bloqueado' },
}

/** A tag for people: what it is, where it hangs, whose it is. */
export const shownTag = ({ kind, tagId, equipment, owner, document }: Tag): { en: string; pt: string } => {
  const paper = document === null ? '' : `, ${document}`
  return {
    en: `tag ${tagId} (${words[kind].en}${paper}) of ${owner} on ${equipment.id}`,
    pt: `etiqueta ${tagId} (${words[kind].pt}${paper}) de ${owner} em ${equipment.id}`,
  }
}
