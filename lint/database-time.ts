/** PostgreSQL's ways to ask what time it is. `now` as a word, or as a part of another one, asks nobody. */
const ways =
  /(?<![\w.])(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i

/** Whether a piece of SQL asks the database for the time, which is the wall's and never a simulated one. */
export const asksDatabaseForTime = (sql: string): boolean => ways.test(sql)
