package main

// Encryption with a user password: the standard security handler, revision 4, AES with 128 bits (ISO 32000-1, section 7.6).
// Old ciphers, and the file is no secret: this is what many publishers' copies still use. The initialisation vectors are
// hashes and not random, so that the file has the same bytes each time.

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
)

const passwordPad = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

type encryption struct {
	id, owner, user, key []byte
	permissions          int32
}

func newEncryption(user, owner, id string) *encryption {
	sum := md5.Sum([]byte(id))
	e := &encryption{id: sum[:], permissions: -44}
	pad := func(password string) []byte { return []byte((password + passwordPad)[:32]) }
	key := pad(owner)
	for range 51 {
		s := md5.Sum(key)
		key = s[:]
	}
	e.owner = rounds(key, pad(user))
	s := md5.Sum(append(binary.LittleEndian.AppendUint32(append(pad(user), e.owner...), uint32(e.permissions)), e.id...))
	for range 50 {
		s = md5.Sum(s[:])
	}
	e.key = s[:]
	check := md5.Sum(append([]byte(passwordPad), e.id...))
	e.user = append(rounds(e.key, check[:]), make([]byte, 16)...)
	return e
}

// rounds encrypts with RC4 twenty times, under the key XOR the round's number.
func rounds(key, data []byte) []byte {
	out := append([]byte{}, data...)
	for i := range 20 {
		k := append([]byte{}, key...)
		for j := range k {
			k[j] ^= byte(i)
		}
		c, err := rc4.NewCipher(k)
		if err != nil {
			panic(err) // a key of 16 bytes is always good
		}
		c.XORKeyStream(out, out)
	}
	return out
}

// seal encrypts a string or stream of an object.
func (e *encryption) seal(num int, data []byte) []byte {
	salted := append(append([]byte{}, e.key...), byte(num), byte(num>>8), byte(num>>16), 0, 0)
	key := md5.Sum(append(salted, "sAlT"...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // a key of 16 bytes is always good
	}
	iv := md5.Sum(append(key[:], data...))
	n := aes.BlockSize - len(data)%aes.BlockSize
	padded := append([]byte{}, data...)
	for range n {
		padded = append(padded, byte(n))
	}
	out := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(out, padded)
	return append(iv[:], out...)
}

func (e *encryption) dict() string {
	return fmt.Sprintf("<< /Filter /Standard /V 4 /R 4 /Length 128 /P %d /O <%X> /U <%X> /CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> /StmF /StdCF /StrF /StdCF >>",
		e.permissions, e.owner, e.user)
}
