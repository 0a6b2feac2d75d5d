import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personalRefusal } from './column-table.ts';
import { type Examination, personalContent } from './personal-columns.ts';
import { personalHeader } from './personal-headers.ts';

const found = (
  column: string,
  values: readonly unknown[],
  { extent = 'all' as Examination, from = 2 } = {},
) => {
  const content = personalContent(() => extent);
  values.forEach((value, at) => {
    content.see({ [column]: value }, from + at);
  });
  return content.found();
};
const holds = (column: string, values: readonly unknown[], extent: Examination = 'all') =>
  found(column, values, { extent })[0]?.holds ?? null;
const among = (odd: readonly unknown[], ordinary: (at: number) => unknown, count = 300) => [
  ...Array.from({ length: count - odd.length }, (_, at) => ordinary(at)),
  ...odd,
];

describe('headers', () => {
  it.each(
    `Họ và tên chủ cơ sở|Họ tên người vi phạm|Họ tên khách|1. Họ và tên|Họ, tên|Tên chủ|CHỦ CƠ SỞ|chu_co_so|Chủ hộ|Chủ nhà trọ|Chủ DN|Người ĐDPL|Người đại diện pháp luật|Đại diện|nguoi_dai_dien|Người liên hệ|Người phụ trách|Cán bộ phụ trách|Giám đốc|Trưởng đoàn|Người báo tin|Người lập biểu|Bí danh|Tên thường gọi|full_name|owner_name|Representative|legal_rep|Tên nạn nhân|Chữ ký`.split(
      '|',
    ),
  )('of names: %s', (header) => expect(personalHeader(header, 'industrial-parks')).toBe('names of persons'));

  it.each(
    `Số CCCD|CMND/CCCD|CMTND|Số căn cước|Số định danh cá nhân|Số định danh|Số ĐDCN|Giấy tờ tùy thân|GTTT|Hộ chiếu|Passport No|ID card|Số BHYT|Mã số thuế cá nhân|Biển số xe|Số tài khoản|Vân tay`.split(
      '|',
    ),
  )('of numbers of persons: %s', (header) =>
    expect(personalHeader(header, 'industrial-parks')).toBe('identity numbers'),
  );

  it.each([
    ['ĐTDĐ', 'telephone numbers'],
    ['Fax/Tel', 'telephone numbers'],
    ['Viber', 'telephone numbers'],
    ['N.sinh', 'birth dates'],
    ['Độ tuổi', 'birth dates'],
    ['Nơi sinh', 'birth dates'],
    ['HKTT', 'personal addresses'],
    ['Nơi ở hiện nay', 'personal addresses'],
    ['Địa chỉ nhà riêng', 'personal addresses'],
    ['Thư điện tử', 'electronic addresses'],
    ['Nam/Nữ', 'facts about a person'],
    ['Quốc tịch', 'facts about a person'],
    ['Tình trạng hôn nhân', 'facts about a person'],
    ['Tình trạng HIV', 'facts about a person'],
  ])('of what else is a person’s: %s', (header, expected) =>
    expect(personalHeader(header, 'industrial-parks')).toBe(expected),
  );

  it.each(
    `Tên cơ sở|Tên doanh nghiệp|Chủ đầu tư|Chủ quản|Chủ trì|Chủ đề|Số giấy phép|Số GPKD|Ngày cấp|Nơi cấp|Cơ quan cấp|Diện tích|Số phòng|Người lao động|Số người tham dự|Đơn vị quản lý|Cơ quan quản lý|Địa chỉ|Năm thành lập|Mã số thuế|Mã số doanh nghiệp|Đối tượng|Đối tượng tuyên truyền|Kết quả|Hạn giải quyết|Số biên bản|Đoàn kiểm tra|Ngành nghề kinh doanh|Tỉnh|Đường|ownership|osm_id|STT`.split(
      '|',
    ),
  )('of places are let in: %s', (header) => expect(personalHeader(header, 'industrial-parks')).toBeNull());
});

describe('what a column holds', () => {
  it.each([
    [
      'citizen numbers, however they are parted',
      ['037085001234', '037 085 001 235', '037.185.001.236'],
      'identity numbers of 12 digits',
    ],
    [
      'citizen numbers of a number cell, which lost their zero',
      [37_085_001_234, 37_185_001_235],
      'identity numbers of 12 digits',
    ],
    ['old identity numbers', ['168 123 456', '164.556.677', '168000111'], 'identity numbers of 9 digits'],
    [
      'telephones with the country before',
      ['+84 912 345 678', '84912345679', '(+84) 38 812 3456'],
      'telephone numbers',
    ],
    ['telephones of a number cell', [912_345_678, 388_123_456], 'telephone numbers'],
    ['lines of a place', ['0229 387 1234', '02293.871.235'], 'telephone numbers'],
    ['electronic addresses', ['hoa@example.vn', 'Liên hệ: lan@example.com'], 'electronic addresses'],
    ['names', ['Nguyễn Văn An', 'Trần Thị Bích Ngọc', 'Lê Hữu Dũng'], 'names of persons'],
    ['names in capitals', ['NGUYỄN VĂN AN', 'TRẦN THỊ BƯỞI'], 'names of persons'],
    ['days of birth', ['02/09/1985', '1979-12-01', '15.5.1990', '1/1/2001'], 'birth dates'],
    [
      'days of birth of a workbook',
      [new Date(Date.UTC(1985, 8, 2)), new Date(Date.UTC(1990, 1, 1))],
      'birth dates',
    ],
  ])('%s', (_, values, expected) => expect(holds('cột khác', values)).toBe(expected));

  it.each([
    ['a telephone', 'Gọi 0912 345 678 trước khi đến', 'telephone numbers'],
    ['a citizen number', 'chủ mới, CCCD 037085001234', 'identity numbers of 12 digits'],
    ['a name after a title', 'đã nhắc nhở ông Nguyễn Văn Bình ngày 3/5', 'names of persons'],
    ['a name without one', 'Phạm Thị Hoa đứng tên giấy phép', 'names of persons'],
    ['an address with @', 'gửi kết quả về abc@example.vn', 'electronic addresses'],
  ])('%s in free text of one row in a hundred, wherever it stands', (_, value, expected) => {
    const column = found(
      'tình hình',
      among([value, value, value], () => 'hoạt động bình thường'),
    );
    expect(column).toMatchObject([{ holds: expected, count: 3, lines: [299, 300, 301] }]);
  });

  it('is found behind the first 5,000 rows too', () => {
    const values = Array.from({ length: 20_000 }, (_, at) =>
      at < 8_000 ? 'ổn định' : `09${12_345_678 + at}`,
    );
    expect(holds('tình hình', values)).toBe('telephone numbers');
  });

  it('is found in what GeoJSON nests', () => {
    expect(holds('thong_tin', [{ chu: { ten: 'x', so: '037085001234' } }])).toBe(
      'identity numbers of 12 digits',
    );
  });

  it('is not said again: neither of one row nor of many', () => {
    const values = [
      '037085001234',
      '037185001235',
      '037285001236',
      '037385001237',
      '037085001238',
      '037085001239',
    ];
    const { message } = personalRefusal(found('cột khác', values), 'line');
    expect(message).toContain(
      '"cột khác" holds what look like identity numbers of 12 digits (line 2, 3, 4, 5, 6 and 1 more)',
    );
    expect(message).toMatch(/Delete these columns/);
    for (const value of values) expect(message).not.toContain(value);
  });
});

describe('what is no person’s', () => {
  it.each([
    ['licences of nine digits in their own column', 'so_giay_phep', ['168123456', '164556677'], 'numbers'],
    [
      'licences of twelve digits that do not begin as a citizen number',
      'so_giay_phep',
      ['370850012345', '990850012345'],
      'numbers',
    ],
    ['ids of nine digits', 'osm_id', [912_345_678, 388_123_456], 'all'],
    ['business numbers of ten digits', 'Mã số doanh nghiệp', ['2700123456', '0700123457'], 'all'],
    [
      'names of communes',
      'Tên xã',
      ['Gia Viễn', 'Đông Sơn', 'Hoa Lư', 'Nam Định', 'Trần Phú', 'Lê Hồ'],
      'all',
    ],
    [
      'names of parks',
      'kcn',
      ['Khu công nghiệp Phúc Sơn', 'KCN Khánh Phú', 'Cụm công nghiệp Đồng Văn'],
      'all',
    ],
    [
      'names of schools',
      'tên',
      ['THPT Nguyễn Khuyến', 'THPT Trần Hưng Đạo', 'Trường Lê Hồng Phong', 'Nguyễn Văn Trỗi'],
      'numbers',
    ],
    [
      'names of businesses',
      'Tên cơ sở',
      ['Khách sạn Hoàng Anh', 'Nhà nghỉ Bình Minh', 'Karaoke Thanh Hà', 'Nhà hàng Ngọc Lan'],
      'all',
    ],
    [
      'streets called after persons',
      'Địa chỉ',
      ['12 Nguyễn Văn Cừ, phường Hoa Lư', 'Số 5 đường Phạm Văn Đồng', 'phố Nguyễn Thị Định'],
      'all',
    ],
    ['streets alone', 'Đường', ['Nguyễn Văn Cừ', 'Trần Hưng Đạo', 'Lê Lợi', 'Nguyễn Thị Minh Khai'], 'all'],
    ['days of licences', 'Ngày cấp phép', ['02/09/1998', '1997-12-01', '15.5.1999'], 'all'],
    ['recent days', 'ngày cập nhật sau cùng', ['02/09/2021', '2022-12-01'], 'all'],
    ['years', 'năm', ['1985', '1990'], 'all'],
    ['areas and coordinates', 'shape_area', [123_456_789.5, 987_654_321.25], 'all'],
    ['rooms and beds', 'số phòng', ['12', '30'], 'all'],
  ] as const)('%s', (_, column, values, extent) => expect(holds(column, values, extent)).toBeNull());

  it('a single number that looks like a telephone among many licences', () => {
    expect(
      holds(
        'so_giay_phep',
        among(['0912345678'], (at) => `GP-${at}/2024`),
        'numbers',
      ),
    ).toBeNull();
  });

  it('any text at all is read in time: no expression runs away', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', '1 ', '@', 'Ông ', 'Nguyễn ', 'Nguyễn Văn ', '(', 'A a '),
        fc.constantFrom('@', '!', 'Văn', ' 0', 'Ông'),
        (piece, end) => {
          holds('x', [piece.repeat(200_000) + end]);
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });
});
