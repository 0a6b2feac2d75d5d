/** A piece of SQL with its bound values. Fragments nest; a value is never written into the text. */
export type Sql = { readonly parts: readonly string[]; readonly values: readonly unknown[] };

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' &&
  value !== null &&
  'parts' in value &&
  'values' in value &&
  fragments.has(value);

// Only what this module made counts as a fragment, so that a parsed request body can never pass for one.
const fragments = new WeakSet<object>();

function fragment(parts: readonly string[], values: readonly unknown[]): Sql {
  const made = Object.freeze({ parts, values });
  fragments.add(made);
  return made;
}

function tag(strings: TemplateStringsArray, ...inputs: unknown[]): Sql {
  const parts = [strings[0] ?? ''];
  const values: unknown[] = [];
  inputs.forEach((input, index) => {
    const after = strings[index + 1] ?? '';
    if (isSql(input)) {
      const [first = '', ...rest] = input.parts;
      parts[parts.length - 1] += first;
      parts.push(...rest);
      values.push(...input.values);
      parts[parts.length - 1] += after;
    } else {
      values.push(input);
      parts.push(after);
    }
  });
  return fragment(parts, values);
}

export const sql = Object.assign(tag, {
  empty: fragment([''], []),

  /** Joins fragments (not values) with a literal separator. */
  join(pieces: readonly Sql[], separator: string): Sql {
    return pieces.reduce(
      (joined, piece, index) => (index === 0 ? piece : tag`${joined}${fragment([separator], [])}${piece}`),
      sql.empty,
    );
  },

  /** A whole script out of a file of ours (a migration): taken as it is, with nothing bound. */
  script: (text: string): Sql => fragment([text], []),

  /** A table or column name out of a list that the code knows; refuses anything but lower-case words. */
  identifier(name: string): Sql {
    if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/.test(name))
      throw new Error(`not an SQL identifier: ${name}`);
    return fragment(
      [
        name
          .split('.')
          .map((word) => `"${word}"`)
          .join('.'),
      ],
      [],
    );
  },
});

/** The text with numbered placeholders, as the driver takes it. */
export function sqlText(query: Sql): string {
  return query.parts.reduce((text, part, index) => (index === 0 ? part : `${text}$${index}${part}`), '');
}
