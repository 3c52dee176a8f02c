"""What customers ordered: will it be late?"""
