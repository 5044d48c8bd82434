/** A moment as the regulator's API has it: `dd/MM/yyyy HH:mm`. @param moment  what clocks show, `YYYY-MM-DD HH:MM:SS` */
export const regulatorMoment = (moment: string): string =>
  `${moment.slice(8, 10)}/${moment.slice(5, 7)}/${moment.slice(0, 4)} ${moment.slice(11, 16)}`

/** What clocks show then, `YYYY-MM-DD HH:MM:SS`; undefined for what has another form. @param text  `dd/MM/yyyy HH:mm` */
export function momentOfRegulator(text: string): string | undefined {
  const [, day, month, year, time] = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2})$/.exec(text) ?? []
  return time === undefined ? undefined : `${year}-${month}-${day} ${time}:00`
}
