import { ImportRefused } from './import-refused.ts';

// TCVN 5712:1993, of which the TCVN3 ("ABC") fonts' single-byte code is the lower-case part: bytes A1–FF.
const tcvn =
  'ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ';

export type TextDecoding = {
  name: string;
  decode(bytes: Uint8Array, options?: { stream?: boolean }): string;
};

/** A decoder by the name that a file or a person gives: "UTF-8", "65001", "windows-1258", "1258", "TCVN3", … */
export function textDecoding(name: string): TextDecoding {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/^(cp|ansi|ldid\/|windows|win)[-_ ]?/, '');
  if (/^(tcvn[-_ ]?3?|abc|tcvn[-_ ]?5712(-1)?(:1993)?)$/.test(key))
    return { name: 'TCVN3', decode: (bytes) => decodeTcvn(bytes).normalize('NFC') };
  const label =
    (
      {
        '65001': 'utf-8',
        utf8: 'utf-8',
        '1258': 'windows-1258',
        '1252': 'windows-1252',
        '88591': 'windows-1252',
      } as Record<string, string>
    )[key] ?? key;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: label === 'utf-8' });
  } catch {
    throw new ImportRefused({
      what: `The encoding "${name}" is not known.`,
      remedy: 'Save the file as UTF-8, or give --encoding utf-8, windows-1258, tcvn3 or utf-16le.',
    });
  }
  return {
    name: label,
    decode(bytes, options) {
      try {
        // windows-1258 writes tones as separate marks
        return decoder.decode(bytes, options).normalize('NFC');
      } catch {
        throw new ImportRefused({
          what: 'The text is not UTF-8.',
          remedy:
            'Save it as UTF-8 ("CSV UTF-8" in Excel), or give its encoding: --encoding windows-1258 or tcvn3.',
        });
      }
    },
  };
}

function decodeTcvn(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes)
    text += byte < 0x80 ? String.fromCharCode(byte) : byte >= 0xa1 ? tcvn[byte - 0xa1]! : ' ';
  return text;
}

/** The encoding that a byte order mark states. */
export function markedEncoding(start: Uint8Array): { name: string; bytes: number } | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { name: 'utf-8', bytes: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { name: 'utf-16le', bytes: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { name: 'utf-16be', bytes: 2 };
  return null;
}
