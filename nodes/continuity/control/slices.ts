/** So many units, and so many conjuntos, are computed at a time: memory does not grow with the number of all of them. */
export const unitsAtOnce = 5_000
export const conjuntosAtOnce = 20

/** Parts of a list, in its order. @param size  of all but the last */
export const slicesOf = <T>(all: readonly T[], size: number): (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size))
