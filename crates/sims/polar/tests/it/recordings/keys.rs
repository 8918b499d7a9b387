//! The customers, benefits, keys and activations of the recorded server.

pub const ALICE: &str = "993f9c2c-9d3f-4f9b-9982-cd6a55225b7d";
pub const BOB: &str = "ffa9a874-f87f-4a4b-a928-ab689184d811";
pub const DELETED: &str = "bb43bd5d-fa19-4465-b142-c97f17d521f0";
pub const OTHER: &str = "9edab84f-44b8-4dbc-a357-0a456e6dbc90";
pub const TEAM: &str = "f2a35592-3e88-4528-a68c-2dd1f27dea72";
pub const PLAIN_BENEFIT: &str = "c891e6e8-fc0b-4c27-adc6-8002e2b10909";
pub const DEVICE_BENEFIT: &str = "7183f51f-532f-41f6-b49d-61c36cfde73d";
pub const USAGE_BENEFIT: &str = "c4b0b19c-1a8e-4388-9f0e-fedabb7cc83c";
pub const EXPIRING_BENEFIT: &str = "8189ee39-0d87-411e-a2e2-25e537cee8e8";
pub const FULL_BENEFIT: &str = "e658a6f0-1c15-4a96-a1ed-d92911dbc85c";
pub const HIDDEN_BENEFIT: &str = "cf8972ed-e10d-484f-85db-8f7419d29615";
pub const OTHER_BENEFIT: &str = "9fe080e5-2539-4783-919a-46c2f3225177";
pub const MEMBER_BENEFIT: &str = "33ef7ef4-fb4b-4751-b5da-ab55a2d93fbf";

/// A recorded key: its id, string, benefit, customer and the time of its grant.
pub struct Key(pub &'static str, pub &'static str, pub &'static str, pub &'static str, pub &'static str);

pub const START: &str = "2026-11-21T00:30:27.4Z";

pub const PLAIN: Key = Key(
    "613d627a-64c0-4cd6-b80f-ec0af5e2a566",
    "5F2AC174-F343-47F4-AB73-DEB486DAC4A7",
    PLAIN_BENEFIT,
    ALICE,
    START,
);
pub const PLAIN_REVOKED: Key = Key(
    "8d697178-3944-402c-934e-7328609bd5ac",
    "B5E86153-A81B-416A-B127-B8D4275EFD92",
    PLAIN_BENEFIT,
    ALICE,
    START,
);
pub const PLAIN_DISABLED: Key = Key(
    "b184c05c-254a-484c-97b8-696baf7feda6",
    "89DB20AA-0DD9-4B14-84BE-3E734866FF46",
    PLAIN_BENEFIT,
    ALICE,
    START,
);
pub const PLAIN_EXPIRED: Key = Key(
    "63199a0d-7a56-4926-bc72-f486311a47d7",
    "804C3614-309F-478B-91B8-3108D361D0C5",
    PLAIN_BENEFIT,
    ALICE,
    START,
);
pub const UNICODE: Key = Key(
    "7ca0097f-dfc9-4167-8b1e-6e8ebf788546",
    "my custom  Key/ünïcode+%20?&#=é",
    PLAIN_BENEFIT,
    ALICE,
    START,
);
pub const ROTATED: Key =
    Key("5b28aa7b-32c2-43e7-b056-50c53d797ee9", "OLD-STRING", PLAIN_BENEFIT, ALICE, START);
pub const BOBS_PLAIN: Key = Key(
    "fe687782-a21a-405f-98c4-787d1aacd111",
    "C7234D8A-8479-4891-8346-FDB7108867AF",
    PLAIN_BENEFIT,
    BOB,
    START,
);
pub const ORPHAN: Key = Key(
    "1e7e4b74-1017-4bba-81ba-c56cdc9adecb",
    "E904E53C-9C8F-444E-BAFE-020FB397AAF8",
    PLAIN_BENEFIT,
    DELETED,
    START,
);
pub const DEVICE: Key = Key(
    "53db6835-958b-4a22-81f1-bc96b5a55cbc",
    "ACT-5031C85B-7EB7-432D-B687-505534BBD724",
    DEVICE_BENEFIT,
    ALICE,
    START,
);
pub const DEVICE_FULL: Key = Key(
    "936e87d3-29d8-4eb3-ba58-e032ad40ae00",
    "ACT-926AE8E8-039E-4648-8C9B-68E14FAFA354",
    DEVICE_BENEFIT,
    ALICE,
    START,
);
pub const DEVICE_REVOKED: Key = Key(
    "81af24d0-a976-4605-a36f-7487fb1b3881",
    "ACT-7B7C9522-125B-4403-912B-5B3716B791AE",
    DEVICE_BENEFIT,
    ALICE,
    START,
);
pub const DEVICE_DISABLED: Key = Key(
    "5e3efab7-fd02-443f-b97d-6c840634b755",
    "ACT-B089917C-C207-4FF9-B284-2FFDD21F87F2",
    DEVICE_BENEFIT,
    ALICE,
    START,
);
pub const BOBS_DEVICE: Key = Key(
    "09d2172c-9caf-4262-a0a2-961faa996778",
    "ACT-570D1744-6845-468A-B761-C5D0EC044C75",
    DEVICE_BENEFIT,
    BOB,
    START,
);
pub const HIDDEN: Key = Key(
    "bbf0900b-ee5b-4413-91f6-27e73a616e76",
    "49A9BC80-3A22-45A2-8104-9F5DA12E8FF8",
    HIDDEN_BENEFIT,
    ALICE,
    START,
);
pub const USAGE: Key = Key(
    "42115ef9-269c-45b3-85ee-ddf07dc33075",
    "USAGE-ADA098B9-A628-4AC8-A15C-9EFC33969430",
    USAGE_BENEFIT,
    ALICE,
    START,
);
pub const USAGE_NEARLY_SPENT: Key = Key(
    "a6b93631-6b11-449a-a14f-40d964424a2b",
    "USAGE-6DFA3817-9EEE-4D63-AA31-42189520B042",
    USAGE_BENEFIT,
    ALICE,
    START,
);
pub const BOBS_USAGE: Key = Key(
    "6e3e9b63-a8ad-47f7-9c2e-e32924ab74c8",
    "USAGE-5C1C0F95-E8A9-4904-ACB6-5F57BDE1A674",
    USAGE_BENEFIT,
    BOB,
    START,
);
pub const EXPIRING: Key = Key(
    "38be37d8-4263-4cf5-81ed-fa345337432c",
    "EXP-317EB3DD-A7C5-4DF2-9D3B-3A27E5B5DD4B",
    EXPIRING_BENEFIT,
    ALICE,
    START,
);
pub const FULL: Key = Key(
    "fdee0d5a-ffa1-41ef-9d11-8b1345aa9e1b",
    "ALL-31415374-A073-4CC4-8725-DFCD4D5AD5E5",
    FULL_BENEFIT,
    ALICE,
    "2026-11-21T00:30:27.497183Z",
);
pub const FULL_EDITED: Key = Key(
    "1a45113d-4efb-4303-ae58-87a133bbaace",
    "ALL-61B8E64E-0D29-4C84-A826-B788FBE8E5FA",
    FULL_BENEFIT,
    ALICE,
    "2026-11-21T00:30:27.498574Z",
);
pub const FULL_TYPES: Key = Key(
    "f2cca75a-191d-44d8-b30e-b08a77080aa6",
    "ALL-76C7BFE3-7207-4B45-9222-994C786139E1",
    FULL_BENEFIT,
    ALICE,
    "2026-11-21T00:30:27.510064Z",
);
pub const OTHERS: Key = Key(
    "3ac1c781-e878-48ae-8c8c-73406302d501",
    "052AEBF4-6C08-4C90-91D3-1E3FB3F5153C",
    OTHER_BENEFIT,
    OTHER,
    START,
);
pub const MEMBERS: Key = Key(
    "87a16696-c2bd-47fa-ac96-29441713fbe8",
    "911134C8-5C1F-429B-96EC-418D1EF80FFC",
    MEMBER_BENEFIT,
    TEAM,
    START,
);

/// A recorded activation: its id and the other members of its request.
pub struct Device(pub &'static str, pub &'static str);

pub const HOST_1: Device = Device(
    "b815ddea-96ca-4522-acea-758ae5edc0d0",
    r#""label":"host-1","meta":{"beta":true,"ratio":0.5,"cores":8,"ip":"10.0.0.1"},"conditions":{"os":"linux","major_version":1}"#,
);
pub const LAPTOP: Device = Device(
    "241e0239-9d0a-4ef5-80b4-a06ebd2f619a",
    r#""label":"laptop é 🎉","meta":{"ip":"10.1.1.1","cores":8,"ratio":0.5,"beta":false},"conditions":{"major_version":3}"#,
);
pub const FULL_0: Device = Device("01daf841-31f1-4003-9829-7149e75024e7", r#""label":"full-0""#);
pub const FULL_1: Device = Device("0606da6c-3a12-47ed-8cb6-3d3e8227e36f", r#""label":"full-1""#);
pub const FULL_2: Device = Device("78cddcc6-e065-4b5e-b577-dc674a767b28", r#""label":"full-2""#);
pub const HIDDEN_1: Device = Device("132a52bf-d499-4376-a34c-6856e9c98984", r#""label":"noadmin-1""#);
pub const BIG_INT: Device = Device(
    "99e5024c-4c14-4623-8435-4a3e1ecb72a0",
    r#""label":"bigint","meta":{"k":1000000000000000000000000000000,"f":1e+300}"#,
);
pub const SERVER: Device = Device("6e456ffe-207f-4f95-8fc8-24ae21b4905a", r#""label":"srv""#);
