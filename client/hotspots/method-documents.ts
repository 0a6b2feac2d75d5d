/** The documents on the methods, carried into the built client so that they can be read without the internet. */
const addresses = import.meta.glob<string>('../../docs/methods*.md', {
  query: '?url',
  import: 'default',
  eager: true,
});

export const methodDocuments = Object.entries(addresses)
  .map(([path, address]) => ({ name: path.replace('../../', ''), address }))
  .sort((one, other) => one.name.localeCompare(other.name));
