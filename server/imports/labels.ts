import type {
  audiences,
  inspectionGrounds,
  inspectionOutcomes,
  integratedProgrammes,
  outletLevels,
  outreachForms,
  reportStatuses,
  teamLevels,
} from '../../contract/activities.ts';
import type {
  borderKinds,
  communeTypes,
  dormitoryKinds,
  leadAgencies,
  schoolKinds,
  terrains,
} from '../../contract/places.ts';

type Labels<Codes extends readonly string[]> = Readonly<Record<Codes[number], readonly string[]>>;

// What offices write for each code, Vietnamese first: the first label is the one that messages show.

export const communeTypeLabels: Labels<typeof communeTypes> = {
  xã: ['xã', 'commune', 'x'],
  phường: ['phường', 'ward', 'p'],
  'đặc khu': ['đặc khu', 'special zone', 'special administrative region'],
};
export const terrainLabels: Labels<typeof terrains> = {
  mountainous: ['miền núi', 'núi', 'vùng núi', 'xã miền núi', 'mountain', 'vùng cao'],
  lowland: ['đồng bằng', 'vùng đồng bằng', 'xã đồng bằng', 'plain'],
  coastal: ['ven biển', 'xã ven biển', 'biển', 'bãi ngang', 'coast'],
  urban: ['đô thị', 'thành thị', 'city'],
};
export const borderKindLabels: Labels<typeof borderKinds> = {
  adjoining: ['giáp ranh', 'khu vực giáp ranh'],
  coastal: ['biên giới biển', 'khu vực biên giới biển', 'ven biển'],
};
export const dormitoryKindLabels: Labels<typeof dormitoryKinds> = {
  'student-dormitory': [
    'ký túc xá',
    'ký túc xá sinh viên',
    'ký túc xá học sinh',
    'ktx',
    'nội trú',
    'dormitory',
  ],
  'workers-housing': [
    'nhà ở công nhân',
    'khu trọ công nhân',
    'nhà trọ công nhân',
    'khu nhà ở công nhân',
    'nhà lưu trú công nhân',
    'khu trọ',
  ],
  'social-housing': ['nhà ở xã hội', 'khu nhà ở xã hội', 'noxh'],
  'specialists-lodging': [
    'khu lưu trú chuyên gia nước ngoài',
    'lưu trú chuyên gia',
    'nhà chuyên gia',
    'chuyên gia nước ngoài',
    'khu chuyên gia',
  ],
};
export const schoolKindLabels: Labels<typeof schoolKinds> = {
  'upper-secondary': ['trung học phổ thông', 'thpt', 'cấp 3', 'trường thpt', 'high school'],
  'university-college': ['đại học, cao đẳng', 'đại học', 'cao đẳng', 'university', 'college', 'học viện'],
  vocational: [
    'giáo dục nghề nghiệp',
    'trường nghề',
    'trung cấp',
    'dạy nghề',
    'trung tâm gdnn',
    'gdnn-gdtx',
    'trung cấp nghề',
    'cao đẳng nghề',
  ],
};
export const leadAgencyLabels: Labels<typeof leadAgencies> = {
  'cong-an': ['Công an', 'Công an tỉnh', 'CA', 'police'],
  'so-y-te': ['Sở Y tế', 'SYT', 'Y tế'],
  'so-van-hoa-the-thao': [
    'Sở Văn hóa và Thể thao',
    'Sở Văn hóa, Thể thao',
    'Sở VHTT',
    'SVHTT',
    'Sở Văn hóa Thể thao và Du lịch',
  ],
  'so-du-lich': ['Sở Du lịch', 'SDL', 'Du lịch'],
};
/** Words beside the names in the table of categories, by category code; a code that the table lacks is passed over. */
export const categoryLabels: Readonly<Record<string, readonly string[]>> = {
  hotel: ['khách sạn', 'ks'],
  'guest-house': ['nhà nghỉ', 'nn'],
  'rented-lodging': ['nhà trọ', 'phòng cho thuê', 'phòng trọ', 'homestay'],
  'tourist-site': ['khu du lịch', 'điểm du lịch', 'khu, điểm du lịch'],
  restaurant: ['nhà hàng', 'quán ăn'],
  karaoke: ['karaoke', 'quán karaoke', 'cơ sở karaoke', 'kinh doanh karaoke'],
  'dance-club-bar': ['vũ trường', 'quán bar', 'bar', 'vũ trường, bar', 'pub'],
  'massage-sauna': ['xoa bóp', 'massage', 'mát xa', 'xông hơi', 'tẩm quất', 'spa', 'xoa bóp, bấm huyệt'],
  hairdresser: ['cắt tóc', 'gội đầu', 'làm tóc', 'cắt tóc gội đầu', 'hớt tóc'],
  cafe: ['cà phê', 'giải khát', 'quán cà phê', 'cafe', 'coffee'],
  other: ['khác', 'loại khác', 'loại hình khác'],
};
export const outreachFormLabels: Labels<typeof outreachForms> = {
  direct: ['trực tiếp', 'tuyên truyền trực tiếp', 'hội nghị', 'nói chuyện chuyên đề', 'tập trung'],
  'group-discussion': ['thảo luận nhóm', 'sinh hoạt nhóm', 'truyền thông nhóm', 'tọa đàm'],
  loudspeaker: ['loa truyền thanh', 'phát thanh', 'truyền thanh', 'loa'],
  leaflet: ['tờ rơi', 'phát tờ rơi', 'tờ gấp', 'pa nô, áp phích', 'pano'],
  online: ['trực tuyến', 'mạng xã hội', 'internet', 'zalo, facebook'],
  contest: ['cuộc thi', 'hội thi', 'thi tìm hiểu'],
  counselling: ['tư vấn', 'tư vấn trực tiếp'],
};
export const audienceLabels: Labels<typeof audiences> = {
  residents: ['nhân dân', 'người dân', 'cộng đồng', 'hộ dân'],
  'establishment-workers': [
    'người lao động tại cơ sở',
    'nhân viên cơ sở',
    'lao động cơ sở kinh doanh dịch vụ',
    'nhân viên cơ sở kinh doanh',
  ],
  'industrial-workers': [
    'công nhân',
    'công nhân khu công nghiệp',
    'người lao động khu công nghiệp',
    'công nhân lao động',
  ],
  students: ['học sinh, sinh viên', 'học sinh', 'sinh viên', 'hssv'],
  officers: ['cán bộ', 'cán bộ, công chức', 'cán bộ làm công tác', 'đội tình nguyện'],
};
export const teamLevelLabels: Labels<typeof teamLevels> = {
  province: ['cấp tỉnh', 'tỉnh', 'đội 178 tỉnh', 'đội kiểm tra liên ngành 178 tỉnh'],
  commune: ['cấp xã', 'xã', 'phường', 'đội 178 xã', 'đội kiểm tra liên ngành 178 xã'],
};
export const outcomeLabels: Labels<typeof inspectionOutcomes> = {
  'no-violation': ['không vi phạm', 'không phát hiện vi phạm', 'không', 'chấp hành tốt', 'đạt'],
  administrative: [
    'xử phạt hành chính',
    'xử lý hành chính',
    'vi phạm hành chính',
    'phạt tiền',
    'cảnh cáo',
    'xử phạt vphc',
    'phạt hành chính',
  ],
  referred: [
    'chuyển cơ quan điều tra',
    'chuyển hồ sơ',
    'khởi tố',
    'xử lý hình sự',
    'chuyển cơ quan có thẩm quyền',
  ],
};
export const groundLabels: Labels<typeof inspectionGrounds> = {
  planned: ['theo kế hoạch', 'kế hoạch', 'định kỳ'],
  'sign-of-violation': ['có dấu hiệu vi phạm', 'dấu hiệu vi phạm', 'đột xuất', 'theo tin báo'],
  random: ['ngẫu nhiên', 'chọn ngẫu nhiên'],
};
export const reportStatusLabels: Labels<typeof reportStatuses> = {
  received: ['tiếp nhận', 'đã tiếp nhận', 'mới tiếp nhận'],
  verified: ['xác minh', 'đã xác minh', 'đang xác minh'],
  classified: ['phân loại', 'đã phân loại'],
  resolved: ['đã giải quyết', 'giải quyết', 'đã xử lý', 'hoàn thành'],
};
export const programmeLabels: Labels<typeof integratedProgrammes> = {
  'socio-economic': ['phát triển kinh tế - xã hội', 'kinh tế xã hội', 'ktxh'],
  'social-security': ['an sinh xã hội', 'asxh'],
  'drug-control': ['phòng, chống ma túy', 'phòng chống ma túy', 'ma túy', 'pcmt'],
  'hiv-aids': ['phòng, chống HIV/AIDS', 'HIV/AIDS', 'HIV', 'phòng chống hiv'],
};
export const outletLevelLabels: Labels<typeof outletLevels> = {
  central: ['trung ương', 'cấp trung ương', 'báo trung ương', 'national'],
  local: ['địa phương', 'cấp tỉnh', 'báo địa phương', 'tỉnh'],
};
export const placeCollectionLabels: Readonly<
  Record<'industrial-parks' | 'dormitories' | 'schools' | 'establishments', readonly string[]>
> = {
  'industrial-parks': ['khu công nghiệp', 'kcn', 'cụm công nghiệp'],
  dormitories: ['ký túc xá', 'khu trọ', 'nhà ở xã hội', 'ktx', 'nhà ở công nhân'],
  schools: ['trường học', 'trường', 'school'],
  establishments: ['cơ sở', 'cơ sở kinh doanh dịch vụ', 'cơ sở kinh doanh'],
};
