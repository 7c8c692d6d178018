// Every native signature here is blittable; without this attribute function pointers would still be marshalled.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]
