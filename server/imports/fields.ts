import { compactKey } from '../../contract/vietnamese-text.ts';
import type { ImportKind } from './kinds.ts';

export type FieldType =
  | 'text'
  | 'key'
  | 'whole'
  | 'decimal'
  | 'day'
  | 'boolean'
  | 'list'
  | 'code'
  | 'commune'
  | 'coordinate'
  | 'shape';
export type Field = {
  name: string;
  type: FieldType;
  required?: true;
  /** What a message calls it. */
  label: string;
  /** Column names in order of preference, compared without case, diacritics and separators. */
  aliases: readonly string[];
};

const field = (name: string, type: FieldType, label: string, aliases: string, required?: true): Field => ({
  name,
  type,
  label,
  // The source's own words before ours: a file of two languages has "name_vi" beside "name".
  aliases: [...aliases.trim().split(/\s+/), name].map(compactKey),
  ...(required ? { required } : {}),
});

const position = [
  field(
    'lon',
    'coordinate',
    'kinh độ (longitude)',
    'kinhdo kinh_do longitude lng long toado_x toa_do_x x toadox kinhdo_wgs84 point_x',
  ),
  field(
    'lat',
    'coordinate',
    'vĩ độ (latitude)',
    'vido vi_do latitude toado_y toa_do_y y toadoy vido_wgs84 point_y',
  ),
  field(
    'wkt',
    'shape',
    'hình học (WKT)',
    'geom_wkt wkt_geom geometry geom the_geom hinhhoc shape_wkt toado_wkt',
  ),
];
const reference = (aliases: string) =>
  field(
    'reference',
    'key',
    'mã (lasting reference)',
    `ref ma maso ma_so sohieu so_hieu code id_goc ${aliases}`,
  );
const name = (aliases: string) =>
  field('name', 'text', 'tên (name)', `ten tengoi ten_goi name_vi ten_vi diadanh ${aliases}`, true);
const commune = (required?: true) => [
  field(
    'commune',
    'commune',
    'xã, phường (commune, by code or name)',
    'communecode commune_code maxa ma_xa maphuongxa ma_phuong_xa madonvihanhchinh ma_dvhc ward_id wardid ward_code xa xaphuong xa_phuong phuongxa phuong_xa tenxa ten_xa tenphuongxa ten_xa_phuong donvi don_vi diaban ward phuong donvihanhchinh',
    required,
  ),
  field(
    'formerProvince',
    'text',
    'tỉnh cũ (former province)',
    'tinhcu tinh_cu former_province tinhtruocsapnhap thuoctinhcu',
  ),
];
/** Checked, so that a wrong or shortened code is seen; which commune a place is in is decided by where it lies. */
const statedCommune = field(
  'statedCommune',
  'commune',
  'mã xã, phường (commune code: checked, the location decides)',
  'communecode commune_code maxa ma_xa maphuongxa ma_phuong_xa madonvihanhchinh ma_dvhc ward_id wardid ward_code',
);
const workers = field(
  'workers',
  'whole',
  'số lao động (workers)',
  'solaodong so_lao_dong laodong lao_dong songuoilaodong nguoilaodong nguoi_lao_dong socongnhan so_cong_nhan congnhan tongsolaodong employees sonhanvien nhanvien sold',
);
const activityReference = field(
  'reference',
  'key',
  'số (lasting reference)',
  'ref ma maso so sohieu so_hieu mabienban sobienban so_bien_ban mahoso sohoso so_ho_so sovanban masukien id code',
);

/** The columns that each kind takes, and the names by which they are recognised. */
export const fieldsByKind: Readonly<Record<ImportKind, readonly Field[]>> = {
  communes: [
    field(
      'code',
      'commune',
      'mã xã (5-digit code)',
      'ma maxa ma_xa maXa maDonViHanhChinh madonvi madvhc ma_dvhc maphuongxa ward_id wardid ward_code commune_code maso matkb gso_code',
      true,
    ),
    name(
      'tenhc ten_hc tenxa ten_xa tendonvihanhchinh ten_dvhc tendvhc tenphuongxa ward_name wardname commune tendonvi full_name_vi tendaydu',
    ),
    field(
      'type',
      'code',
      'loại (xã, phường, đặc khu)',
      'loai loaihinh loai_dvhc danhtuchung danhtuchun capdonvi loaixa ward_type loaidonvi',
    ),
    field(
      'provinceCode',
      'key',
      'mã tỉnh (2-digit code)',
      'province_code matinh ma_tinh province_id provinceid matinhthanh',
    ),
    field(
      'provinceName',
      'text',
      'tên tỉnh (province)',
      'province_name province_vi province tentinh ten_tinh tinh tinhthanh tinh_thanh tentinhthanh',
    ),
    field('terrain', 'code', 'địa hình (terrain)', 'diahinh dia_hinh khuvuc vungmien vung loaidiahinh'),
    field(
      'population',
      'whole',
      'dân số (population)',
      'danso dan_so dansonguoi danso_nguoi songuoi quymodanso tongdanso danso2024 danso2025 pop',
    ),
    field(
      'areaSquareKm',
      'decimal',
      'diện tích, km² (area)',
      'area_km2_geom dientichkm2 dientich_km2 dien_tich_km2 dientich dien_tich dientichtunhien area_km2 area_square_km area_km2_official areakm2 dtkm2',
    ),
    field(
      'formerProvince',
      'text',
      'tỉnh cũ (former province)',
      'former_province tinhcu tinh_cu thuoctinhcu',
    ),
    field(
      'formerUnits',
      'text',
      'đơn vị cũ (former units)',
      'former_units_text sapnhaptu truocsapnhap donvicu don_vi_cu xacu former_units sap_nhap_tu truocsn',
    ),
    field(
      'adjoiningProvinces',
      'list',
      'giáp tỉnh (adjoining provinces)',
      'adjoining_provinces border_provinces giaptinh giap_tinh giapranh giap_ranh tinhgiapranh tiepgiap',
    ),
    field('coastal', 'boolean', 'giáp biển (coastal)', 'giapbien giap_bien venbien ven_bien xabien coast'),
    ...position.slice(2),
  ],
  'border-areas': [
    field('kind', 'code', 'loại (giáp ranh, biên giới biển)', 'loai loaikhuvuc loai_khu_vuc type', true),
    ...commune(true),
    field(
      'neighbourProvince',
      'text',
      'tỉnh giáp ranh (adjoining province)',
      'neighbour_province neighbor_province tinhgiapranh giaptinh giap_tinh tinh',
    ),
    field(
      'widthMeters',
      'decimal',
      'bề rộng, m (width)',
      'width_meters width_m width berong be_rong chieurong chieu_rong',
    ),
    ...position.slice(2),
  ],
  'industrial-parks': [
    reference('makcn ma_kcn makhucongnghiep'),
    name('tenkcn ten_kcn tenkhucongnghiep khucongnghiep'),
    workers,
    ...position.slice(2),
  ],
  dormitories: [
    reference('maktx ma_ktx makhutro manha'),
    name('tenktx ten_ktx tenkhutro tenkhu tennha'),
    field('kind', 'code', 'loại hình (kind)', 'loai loaihinh loai_hinh type kieu', true),
    field(
      'residents',
      'whole',
      'số người ở (residents)',
      'songuoi so_nguoi songuoio so_nguoi_o sosinhvien dango sonhankhau capacity nguoio soluong',
    ),
    statedCommune,
    statedCommune,
    ...position,
  ],
  schools: [
    reference('matruong ma_truong school_id'),
    name('tentruong ten_truong truong school school_name'),
    field(
      'kind',
      'code',
      'cấp, loại trường (kind)',
      'loai loaihinh loai_hinh cap caphoc cap_hoc loaitruong loai_truong type',
      true,
    ),
    field(
      'students',
      'whole',
      'số học sinh, sinh viên (students)',
      'hocsinh so_hoc_sinh sohocsinh sinhvien sosinhvien so_sinh_vien sohssv hssv quymo soluong',
    ),
    statedCommune,
    ...position,
  ],
  establishments: [
    field(
      'licenseNumber',
      'key',
      'số giấy phép (licence number)',
      'license_number licence_number license licence sogiayphep so_giay_phep giayphep sogp so_gp sogcn so_gcn gpkd sogpkd gcnattt macoso ma_co_so reference ma so_dkkd sodkkd',
      true,
    ),
    field(
      'category',
      'code',
      'loại hình (category)',
      'loaihinh loai_hinh loai nganhnghe nganh_nghe loaicoso loai_co_so type linhvuc',
      true,
    ),
    field(
      'leadAgency',
      'code',
      'cơ quan quản lý (lead agency)',
      'lead_agency coquanquanly co_quan_quan_ly coquanchutri donviquanly cq_quan_ly coquan',
    ),
    workers,
    field(
      'activeFrom',
      'day',
      'hoạt động từ (active from)',
      'active_from ngayhoatdong hoatdongtu tungay tu_ngay ngaycap ngay_cap ngaycapphep ngaybatdau start_date',
      true,
    ),
    field(
      'activeTo',
      'day',
      'hoạt động đến (active to)',
      'active_to ngaydung hoatdongden denngay den_ngay ngayngunghoatdong ngaydonghetcua ngayketthuc end_date',
    ),
    statedCommune,
    ...position,
  ],
  outreach: [
    activityReference,
    field(
      'heldOn',
      'day',
      'ngày tổ chức (date)',
      'held_on ngay ngaytochuc ngay_to_chuc thoigian date ngaythuchien',
      true,
    ),
    field('form', 'code', 'hình thức (form)', 'hinhthuc hinh_thuc hinhthuctuyentruyen loaihinh', true),
    field(
      'audience',
      'code',
      'đối tượng (audience)',
      'doituong doi_tuong doituongtuyentruyen nhomdoituong',
      true,
    ),
    ...commune(),
    field(
      'placeCollection',
      'code',
      'loại địa điểm (kind of place)',
      'place_collection loaidiadiem loai_dia_diem place_kind',
    ),
    field(
      'placeReference',
      'key',
      'mã địa điểm (reference of the place)',
      'place_reference madiadiem ma_dia_diem place',
    ),
    field(
      'industrialPark',
      'key',
      'mã khu công nghiệp',
      'industrial_park industrial_park_reference makcn ma_kcn',
    ),
    field('dormitory', 'key', 'mã ký túc xá, khu trọ', 'dormitory_reference maktx ma_ktx makhutro'),
    field('school', 'key', 'mã trường', 'school_reference matruong ma_truong'),
    field(
      'establishment',
      'key',
      'số giấy phép cơ sở',
      'establishment_reference license_number licensenumber sogiayphep so_giay_phep macoso',
    ),
    field(
      'attendance',
      'whole',
      'số người tham dự (attendance)',
      'songuoithamdu so_nguoi_tham_du songuoi so_nguoi thamdu nguoithamdu luotnguoi so_luot soluotnguoi',
      true,
    ),
  ],
  inspections: [
    activityReference,
    field(
      'inspectedOn',
      'day',
      'ngày kiểm tra (date)',
      'inspected_on ngay ngaykiemtra ngay_kiem_tra date',
      true,
    ),
    field(
      'licenseNumber',
      'key',
      'số giấy phép cơ sở',
      'license_number licence_number license sogiayphep so_giay_phep giayphep sogp establishment macoso ma_co_so',
      true,
    ),
    field(
      'teamLevel',
      'code',
      'cấp đội kiểm tra',
      'team_level cap capdoi cap_doi doikiemtra doi_kiem_tra capkiemtra',
      true,
    ),
    field(
      'outcome',
      'code',
      'kết quả (outcome)',
      'ketqua ket_qua ketquakiemtra xuly xu_ly hinhthucxuly',
      true,
    ),
    field(
      'ground',
      'code',
      'căn cứ kiểm tra (ground)',
      'cancu can_cu loaikiemtra loai_kiem_tra lydokiemtra hinhthuckiemtra hinhthuc',
      true,
    ),
  ],
  reports: [
    activityReference,
    field(
      'receivedOn',
      'day',
      'ngày tiếp nhận',
      'received_on ngaytiepnhan ngay_tiep_nhan ngaynhan ngay',
      true,
    ),
    field('dueOn', 'day', 'hạn giải quyết', 'due_on hangiaiquyet han_giai_quyet han hanxuly thoihan', true),
    field('status', 'code', 'tình trạng', 'trangthai trang_thai tinhtrang tinh_trang', true),
    field(
      'resolvedOn',
      'day',
      'ngày giải quyết',
      'resolved_on ngaygiaiquyet ngay_giai_quyet ngayxulyxong ngayhoanthanh',
    ),
    ...commune(),
    field('h3Cell', 'key', 'ô H3, cấp 7', 'h3_cell h3 oh3'),
    ...position,
  ],
  'commune-plans': [
    ...commune(true),
    field('year', 'whole', 'năm kế hoạch', 'nam namkehoach nam_ke_hoach', true),
    field('issuedOn', 'day', 'ngày ban hành', 'issued_on ngaybanhanh ngay_ban_hanh ngay ngayky', true),
    field(
      'integratedWith',
      'list',
      'lồng ghép với',
      'integrated_with longghep long_ghep longghepvoi chuongtrinhlongghep chuongtrinh',
    ),
  ],
  training: [
    activityReference,
    field('heldOn', 'day', 'ngày tập huấn', 'held_on ngay ngaytaphuan ngay_tap_huan ngaytochuc date', true),
    ...commune(),
    field('unit', 'text', 'đơn vị', 'donvi don_vi coquan tendonvi lop tenlop', true),
    field(
      'officersAttending',
      'whole',
      'số cán bộ tham dự',
      'officers_attending socanbothamdu so_can_bo_tham_du thamdu so_tham_du sothamdu duoctaphuan',
      true,
    ),
    field(
      'officersInPost',
      'whole',
      'số cán bộ đang công tác',
      'officers_in_post tongsocanbo tong_so_can_bo socanbo so_can_bo bienche',
      true,
    ),
  ],
  'press-items': [
    activityReference,
    field(
      'publishedOn',
      'day',
      'ngày đăng',
      'published_on ngay ngaydang ngay_dang ngayphat ngayphatsong date',
      true,
    ),
    field('outletLevel', 'code', 'cấp báo', 'outlet_level cap capbao cap_bao loaibao coquanbaochi', true),
    ...commune(),
  ],
};

/**
 * Which column stands for which field. A field takes the first of its aliases that is a column; DBF tables cut names at
 * ten characters, so a name of that length also stands for an alias that it begins.
 */
export function recogniseColumns(
  kind: ImportKind,
  columns: readonly string[],
  given: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const mapping = new Map(given);
  const taken = new Set(given.values());
  const byKey = new Map<string, string>();
  for (const column of columns) if (!byKey.has(compactKey(column))) byKey.set(compactKey(column), column);
  const find = (alias: string): string | undefined => {
    const whole = byKey.get(alias);
    if (whole) return whole;
    return alias.length > 8
      ? columns.find(
          (column) =>
            column.length === 10 && alias.startsWith(compactKey(column)) && compactKey(column).length >= 8,
        )
      : undefined;
  };
  const candidates = fieldsByKind[kind]
    .filter((candidate) => !mapping.has(candidate.name))
    .flatMap((candidate) => candidate.aliases.map((alias, rank) => ({ candidate, alias, rank })))
    // The better alias of either field wins a column that both could take.
    .sort((a, b) => a.rank - b.rank);
  for (const { candidate, alias } of candidates) {
    if (mapping.has(candidate.name)) continue;
    const column = find(alias);
    if (!column || taken.has(column)) continue;
    mapping.set(candidate.name, column);
    taken.add(column);
  }
  return mapping;
}
