/** Words that are no names unless they stand in double quotes. */

/**
 * Those of SQL-92 and PartiQL's own, as the open parser of the PartiQL project (which the service uses; its texts show it)
 * reserves them. Parts of dates (`year`, `day`) are names, and so is
 * `only`: the service takes them.
 */
const reserved = `
  absolute action add all allocate alter and any are as asc assertion at authorization avg begin between bit bit_length by
  cascade cascaded case cast catalog char character character_length char_length check close coalesce collate collation
  column commit connect connection constraint constraints continue convert corresponding count create cross current
  current_date current_time current_timestamp current_user cursor date date_add date_diff deallocate dec decimal declare
  default deferrable deferred delete desc describe descriptor diagnostics disconnect distinct domain double drop else end
  escape except exception exec execute exists external extract false fetch first float for foreign found from full get
  global go goto grant group having identity immediate in indicator initially inner input insensitive insert int integer
  intersect interval into is isolation join key language last left level like local lower match max min module names
  national natural nchar next no not null nullif numeric octet_length of on open option or order outer output overlaps
  pad partial position precision prepare preserve primary prior privileges procedure public read real references relative
  restrict revoke right rollback rows schema scroll section select session session_user set size smallint some space sql
  sqlcode sqlerror sqlstate substring sum system_user table temporary then time timestamp to transaction translate
  translation trim true union unique unknown update upper usage user using value values varchar varying view when whenever
  where with work write zone
  missing pivot unpivot limit offset tuple remove index let conflict do nothing returning modified new old
  bool boolean string symbol clob blob struct list sexp bag int2 int4 int8 integer2 integer4 integer8 bigint`;

export const keywords: ReadonlySet<string> = new Set(reserved.split(/\s+/).filter(Boolean));

/** Keywords that can be called. */
export const functionKeywords: ReadonlySet<string> = new Set([
  'avg',
  'bag',
  'bit_length',
  'char_length',
  'character_length',
  'coalesce',
  'count',
  'exists',
  'list',
  'lower',
  'max',
  'min',
  'nullif',
  'octet_length',
  'sexp',
  'size',
  'sum',
  'upper',
]);
