import { expect, test } from "vitest";
import { isOpenAddress } from "@/domain/pipeline/mirror-address";

test.each([
	"https://mirror.example/simple/",
	"http://10.0.0.5:8081/repository/npm-group/",
	"https://mirror.example/debian-security",
])("%s may be in an image", (address) => expect(isOpenAddress(address)).toBe(true));

test.each([
	"https://user:password@mirror.example/simple/",
	"https://token@mirror.example/",
	"https://:@mirror.example/",
	"https://mirror.example/?access_token=abc",
	"https://mirror.example/#abc",
	"https://mirror.example/a1B2c3D4e5F6g7H8i9J0/simple/",
	"https://$USER:$PASSWORD@mirror.example/",
	"https://mirror.example/$TOKEN/",
	"file:///srv/mirror",
	"mirror.example",
	"",
])("%s may not", (address) => expect(isOpenAddress(address)).toBe(false));
