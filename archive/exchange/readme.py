"""What a stranger reads first in a package."""

BAG_README = """This package was made by Ditich, an archive for digitised heritage. It is a BagIt bag (RFC 8493).

What is where
  data/NAAN/dt.../          one folder for each archived object (photo, scan, document, the record of a site or of a deposit).
                            Its identifier is ark:NAAN/dt... The folder is an OCFL 1.1 object (https://ocfl.io/1.1/spec/):
                            v1/content/original/... are the files as they were delivered, v2/content what version 2 added;
                            record.json says what it is, inventory.json which files each version has, under which names.
  ditich/files.csv          every file of every version: its name, its size, its digest, and where it lies in this package.
  ditich/objects.json       every object: its identifier, title, versions, and who may see it.
  ditich/events.jsonl       what the archive did with these objects, one event a line, as in its signed log.

Is it whole?
  sed 's/%25/%/g' manifest-sha512.txt | sha512sum -c      (a % in a name is written %25 there; any BagIt program checks all)

Who may see it
  "access" in ditich/objects.json: public, reduced or restricted. What is not public must not be passed on.

Gói này do Ditich, kho lưu trữ di sản số hoá, tạo ra theo chuẩn BagIt. Tệp gốc nằm trong data/…/v1/content/original/.
ditich/files.csv liệt kê mọi tệp. Kiểm tra: sed 's/%25/%/g' manifest-sha512.txt | sha512sum -c
Những gì không công khai thì không được chuyển tiếp.

แพ็กเกจนี้สร้างโดย Ditich คลังเก็บมรดกวัฒนธรรมดิจิทัล ตามมาตรฐาน BagIt ไฟล์ต้นฉบับอยู่ใน data/…/v1/content/original/
ditich/files.csv แสดงรายชื่อไฟล์ทั้งหมด ตรวจสอบ: sed 's/%25/%/g' manifest-sha512.txt | sha512sum -c
สิ่งที่ไม่เปิดเผยต่อสาธารณะห้ามส่งต่อ
"""

ROOT_README = """This folder holds objects of a Ditich archive. It is a storage root of the Oxford Common File Layout (OCFL), version 1.1:
https://ocfl.io/1.1/spec/ . It can be read with any file browser; no particular software is needed.

Every object has a folder of its own, three folders down, named after its identifier (percent-encoded).
In it inventory.json says which files the object has, under which names, in every version, and their sha512;
v1/content/original/ holds the files as they were delivered, record.json says what they are and who may see them.

Thư mục này chứa các đối tượng của một kho Ditich theo chuẩn OCFL 1.1; tệp gốc nằm trong v1/content/original/.
โฟลเดอร์นี้เก็บรายการจากคลัง Ditich ตามมาตรฐาน OCFL 1.1 ไฟล์ต้นฉบับอยู่ใน v1/content/original/
"""
