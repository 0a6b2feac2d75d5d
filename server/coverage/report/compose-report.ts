import type { IndicatorId, IndicatorStatus } from '../../../contract/coverage-indicators.ts';
import { writeCount, writeDay, writeLongDay } from './figure-words.ts';
import { indicatorMap, tellingIndicators } from './indicator-map.ts';
import { isYesOrNo, judged, planGroups, resultSentences } from './indicator-words.ts';
import type { ReportData } from './report-data.ts';
import type { Block, Part, ReportDocument } from './report-document.ts';
import { reportSheets } from './report-sheets.ts';
import { communeTable, standingTable, targetTable } from './result-tables.ts';

/** More names than this in one sentence are not read: the table tells them. */
const mostNames = 15;
const dots = '…';
const blank = '\u00a0'.repeat(9);

/**
 * The report that a province or a commune owes for a period, in Vietnamese, after annex I of Decree 30/2020/NĐ-CP: what
 * the figures say is written; number, day, difficulties, proposals and signature are left to the author.
 */
export function composeReport(data: ReportData): ReportDocument {
  const { commune, period, province } = data;
  const provinceWords = `${province.isCity ? 'thành phố' : 'tỉnh'} ${province.name}`;
  const author = commune ? `Ủy ban nhân dân ${commune.type} ${commune.name}` : 'Sở Y tế';
  const area = commune ? `${commune.type} ${commune.name}, ${provinceWords}` : provinceWords;
  const sentence = `Trên đây là báo cáo kết quả thực hiện công tác phòng, chống mại dâm ${period.words} của ${author}./.`;
  return {
    ...(commune
      ? {
          parentBody: null,
          issuingBody: ['ỦY BAN NHÂN DÂN', `${commune.type} ${commune.name}`.toUpperCase()],
          documentNumber: `Số: ${blank}/BC-UBND`,
        }
      : {
          parentBody: `ỦY BAN NHÂN DÂN\n${provinceWords.toUpperCase()}`,
          issuingBody: ['SỞ Y TẾ'],
          documentNumber: `Số: ${blank}/BC-SYT`,
        }),
    placeAndDate: `${commune ? commune.name : province.name}, ngày ${dots} tháng ${dots} năm ${data.asOf.slice(0, 4)}`,
    title: 'BÁO CÁO',
    subject: `Kết quả thực hiện công tác phòng, chống mại dâm ${period.words} trên địa bàn ${area}`,
    parts: joined([
      { orientation: 'portrait', blocks: [...opening(data, author, provinceWords), ...results(data)] },
      ...byCommune(data),
      { orientation: 'portrait', blocks: [...maps(data), ...forTheAuthor()] },
    ]),
    closing: commune
      ? {
          sentence,
          recipients: [
            `UBND ${provinceWords} (qua Sở Y tế);`,
            'Sở Y tế (để tổng hợp);',
            `Thường trực Đảng ủy ${commune.type};`,
            `Thường trực HĐND ${commune.type};`,
            `Lãnh đạo UBND ${commune.type};`,
            `Công an ${commune.type};`,
            'Lưu: VT.',
          ],
          signature: ['TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH'],
        }
      : {
          sentence,
          recipients: [
            'Bộ Y tế;',
            'Thường trực Tỉnh ủy;',
            'Thường trực HĐND tỉnh;',
            'Lãnh đạo UBND tỉnh;',
            'Công an tỉnh;',
            'Bộ Chỉ huy Quân sự tỉnh;',
            'Các sở, ban, ngành, đoàn thể;',
            'UBND các xã, phường;',
            'Lãnh đạo VP UBND tỉnh;',
            'Lưu: VT.',
          ].map((line) =>
            province.isCity ? line.replace('Tỉnh ủy', 'Thành ủy').replace('tỉnh', 'thành phố') : line,
          ),
          signature: ['GIÁM ĐỐC'],
        },
    sheets: reportSheets(
      data,
      `Kết quả thực hiện công tác phòng, chống mại dâm ${period.words} trên địa bàn ${area}`,
    ),
    simulated: data.simulated,
    asOf: data.asOf,
  };
}

/** Parts that follow each other and lie alike are one. */
function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (last?.orientation === part.orientation)
      whole.splice(-1, 1, { ...last, blocks: [...last.blocks, ...part.blocks] });
    else whole.push(part);
  }
  return whole;
}

function opening(data: ReportData, author: string, provinceWords: string): Block[] {
  const { period, asOf } = data;
  const until =
    asOf < period.endsOn
      ? `Số liệu tính đến ${writeLongDay(asOf)}, khi kỳ báo cáo chưa kết thúc (ngày ${writeDay(period.endsOn)}); các kết quả lũy kế từ ngày 01 tháng 01 năm ${period.year}.`
      : `Số liệu tính đến ${writeLongDay(asOf)}; các kết quả lũy kế từ ngày 01 tháng 01 năm ${period.year}.`;
  return [
    {
      kind: 'paragraph',
      text: `Thực hiện Kế hoạch thực hiện công tác phòng, chống mại dâm năm ${period.year} trên địa bàn ${provinceWords}${data.commune ? ` của Ủy ban nhân dân ${provinceWords}` : ''}, ${author} báo cáo kết quả ${period.words} như sau:`,
    },
    { kind: 'paragraph', text: until },
    ...(data.simulated
      ? [
          {
            kind: 'paragraph',
            emphasis: 'italic',
            text: 'Số liệu trong báo cáo này là dữ liệu mô phỏng, không phải số liệu thực tế của địa phương.',
          } as const,
        ]
      : []),
  ];
}

function results(data: ReportData): Block[] {
  const blocks: Block[] = [
    { kind: 'heading', level: 1, text: 'I. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU' },
    ...overview(data),
    targetTable(data),
  ];
  let number = 0;
  for (const { title, indicators } of planGroups) {
    const sentences = indicators.flatMap((id) => {
      const figure = data.own.get(id);
      const description = data.indicators.find((candidate) => candidate.id === id);
      if (!figure || !description) return [];
      const gained = data.gained.get(id) ?? null;
      return resultSentences(figure, description, {
        gained,
        year: data.period.year,
        ofCommune: data.commune !== null,
      });
    });
    if (sentences.length === 0) continue;
    number += 1;
    blocks.push(
      { kind: 'heading', level: 2, text: `${number}. ${title}` },
      ...sentences.map((text): Block => ({ kind: 'paragraph', text: `- ${text}` })),
    );
  }
  return blocks;
}

const statusOrder: readonly IndicatorStatus[] = ['met', 'on-pace', 'behind', 'no-data', 'no-target'];

function overview(data: ReportData): Block[] {
  const statuses = data.indicators.flatMap(({ id, name }) => {
    const figure = data.own.get(id);
    return figure ? [{ status: figure.status, words: judged(figure), name: name.vi }] : [];
  });
  statuses.sort((one, other) => statusOrder.indexOf(one.status) - statusOrder.indexOf(other.status));
  const told = [...new Set(statuses.map(({ words }) => words))].flatMap((words): Block[] => {
    const names = statuses.filter((each) => each.words === words).map(({ name }) => lowerFirst(name));
    return [
      {
        kind: 'paragraph',
        text: `- ${words} (${writeCount(names.length)}): ${names.join('; ')}.`,
      },
    ];
  });
  return [
    {
      kind: 'paragraph',
      text: `Trong ${writeCount(statuses.length)} chỉ tiêu của Kế hoạch${data.commune ? ' tính được theo địa bàn xã, phường' : ''}, đến ngày ${writeDay(data.asOf)} (chi tiết tại Bảng 1):`,
    },
    ...told,
  ];
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function byCommune(data: ReportData): Part[] {
  if (data.commune)
    return [
      {
        orientation: 'portrait',
        blocks: [
          { kind: 'heading', level: 1, text: 'II. KẾT QUẢ SO VỚI TOÀN TỈNH' },
          standingTable(data, data.commune),
        ],
      },
    ];
  return [
    {
      orientation: 'landscape',
      blocks: [
        { kind: 'heading', level: 1, text: 'II. KẾT QUẢ THEO XÃ, PHƯỜNG' },
        ...notYet(data),
        communeTable(data),
      ],
    },
  ];
}

/** Names the communes that an indicator counted in communes still waits for. */
function notYet(data: ReportData): Block[] {
  const words: Partial<Record<IndicatorId, string>> = {
    'communes-with-outreach': 'chưa duy trì được tuyên truyền trong mọi quý đã qua',
    'communes-with-plan': 'chưa ban hành kế hoạch',
    'communes-integrated': 'chưa lồng ghép đủ các chương trình vào kế hoạch',
  };
  return data.indicators.flatMap((description): Block[] => {
    const said = words[description.id];
    if (!said) return [];
    const waiting = data.communes.filter(({ figures }) => {
      const figure = figures.get(description.id);
      return figure && figure.value !== null && isYesOrNo(figure, description) && figure.numerator === 0;
    });
    if (waiting.length === 0) return [];
    const names =
      waiting.length <= mostNames ? `: ${waiting.map(({ name }) => name).join(', ')}` : ' (xem Bảng 2)';
    return [{ kind: 'paragraph', text: `- ${writeCount(waiting.length)} xã, phường ${said}${names}.` }];
  });
}

function maps(data: ReportData): Block[] {
  const indicators = data.map ? [data.map] : tellingIndicators;
  const drawn = indicators.flatMap((id, index) => indicatorMap(data, id, index + 1, 200) ?? []);
  const heading: Block = { kind: 'heading', level: 1, text: 'III. BẢN ĐỒ KẾT QUẢ THEO XÃ, PHƯỜNG' };
  if (data.ownAlone)
    return [heading, { kind: 'paragraph', text: 'Bản đồ so sánh các xã, phường có trong báo cáo của tỉnh.' }];
  if (drawn.length === 0)
    return [heading, { kind: 'paragraph', text: 'Chưa có ranh giới xã, phường để lập bản đồ.' }];
  return [
    heading,
    ...(data.commune
      ? []
      : [{ kind: 'paragraph', text: 'Số trên bản đồ là số thứ tự của xã, phường trong Bảng 2.' } as const]),
    ...drawn,
  ];
}

function forTheAuthor(): Block[] {
  return [
    { kind: 'heading', level: 1, text: 'IV. KHÓ KHĂN, VƯỚNG MẮC' },
    { kind: 'dotted-lines', lines: 3 },
    { kind: 'heading', level: 1, text: 'V. ĐỀ XUẤT, KIẾN NGHỊ' },
    { kind: 'dotted-lines', lines: 3 },
    { kind: 'heading', level: 1, text: 'VI. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI' },
    { kind: 'dotted-lines', lines: 3 },
  ];
}
