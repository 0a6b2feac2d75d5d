import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

/**
 * Packs an Office document anew so that one content gives one file, whenever and by whichever process it was made: files
 * are dated midnight of `day`, the document's own dates as well, and what libraries number at random is made still.
 */
export function settleArchive(archive: Uint8Array, day: string): Buffer {
  const [year = 1980, month = 1, date = 1] = day.split('-').map(Number);
  const files = Object.entries(unzipSync(archive)).map(([name, bytes]) => [
    name,
    /\.(xml|rels)$/.test(name) ? strToU8(settled(name, strFromU8(bytes), day)) : bytes,
  ]);
  // ZIP knows no time zone: the date is read back as it is written here, in the machine's own
  return Buffer.from(
    zipSync(Object.fromEntries(files), { mtime: new Date(year, month - 1, date), level: 6 }),
  );
}

function settled(name: string, xml: string, day: string): string {
  if (name === 'docProps/core.xml')
    return xml.replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${day}T00:00:00Z`);
  if (/^word\/header\d+\.xml$/.test(name))
    return xml.replace(/(PowerPlusWaterMarkObject)[\w-]+/g, '$1Simulated');
  if (name === 'word/document.xml') {
    let picture = 0;
    return xml.replace(/(<wp:docPr id=")\d+/g, (_, start: string) => `${start}${++picture}`);
  }
  return xml;
}
